import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { ClaimedDelivery, SmsAddress } from '../../domain/delivery.js';
import type { SmsContent } from '../../domain/event.js';
import { ProviderMisconfigured, type SendResult } from '../../domain/outcome.js';
import { WORKER_OPTIONS } from '../../queue/lane-worker.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import type { SendContext } from '../../providers/provider.js';
import { SEND_TOOLS, SendWorker, type SendTools } from '../send-worker.js';
import { smsText } from './sms-text.js';

/** Sends texts. */
@Processor('sms', WORKER_OPTIONS)
export class SmsProcessor extends SendWorker {
  protected readonly channel = 'sms';

  constructor(
    @Inject(SEND_TOOLS) tools: SendTools,
    private readonly providers: ProviderRegistry,
  ) {
    super(tools);
  }

  protected override async send(delivery: ClaimedDelivery, context: SendContext): Promise<SendResult> {
    const provider = this.providers.smsProvider(delivery.appId, delivery.provider);
    if (!provider) throw new ProviderMisconfigured({ vendorCode: 'provider_not_configured' });
    // A copy of a push always has its words with it.
    const text = delivery.options.text ?? smsText(delivery.content as SmsContent);
    if (text === '') {
      return {
        outcome: 'refused',
        reason: 'empty_message',
        vendorCode: 'empty_message',
        addressIsDead: false,
      };
    }
    const message = {
      address: delivery.address as SmsAddress,
      text,
      encoding: 'ucs2',
      segments: 1,
      reference: `${delivery.id}-${delivery.attempt}`,
      validForSeconds: 3_600,
    } as const;
    return provider.send(message, context);
  }
}
