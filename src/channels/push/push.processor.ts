import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { LostDelivery } from '../../deliveries/records.js';
import type { ClaimedDelivery, PushAddress } from '../../domain/delivery.js';
import type { PushContent } from '../../domain/event.js';
import { ProviderMisconfigured, type SendResult } from '../../domain/outcome.js';
import { WORKER_OPTIONS } from '../../queue/queue-worker.js';
import { ProviderRegistry } from '../../providers/provider-registry.js';
import type { SendContext } from '../../providers/provider.js';
import type { NextStep } from '../next-step.js';
import type { PreparedAttempt } from '../prepared-attempt.js';
import { DELIVERY_TOOLS, DeliveryWorker, type DeliveryTools } from '../delivery-worker.js';
import { pushOfDelivery } from './payload/push-of-delivery.js';
import { Successors, type LostDeliveryJob } from './successors.js';
import { ReachedDevices } from './reached-devices.js';

/** Sends all pushes except those of calls. */
@Processor('push', WORKER_OPTIONS)
export class PushProcessor extends DeliveryWorker {
  protected readonly channel = 'push';
  private readonly successors: Successors;

  constructor(
    @Inject(DELIVERY_TOOLS) tools: DeliveryTools,
    private readonly providers: ProviderRegistry,
    private readonly reached: ReachedDevices,
  ) {
    super(tools);
    this.successors = new Successors(tools);
  }

  protected override async planInstead(lost: LostDelivery, step?: NextStep): Promise<boolean> {
    return step && !Successors.areWantedAfter(step) ? false : this.successors.plan(lost);
  }

  protected override enqueueInstead(lost: LostDeliveryJob): Promise<void> {
    return this.successors.enqueue(lost, this.isForCalls ? 'push-calls' : 'push');
  }

  protected override async prepare(
    delivery: ClaimedDelivery,
    context: SendContext,
  ): Promise<PreparedAttempt> {
    const address = delivery.address as PushAddress;
    const provider = this.providers.pushProvider(delivery.appId, delivery.provider, address);
    if (!provider) throw new ProviderMisconfigured({ vendorCode: 'provider_not_configured' });
    const app = this.tools.config.apps.find(({ appId }) => appId === delivery.appId);
    const { payload, headers, dropped } = pushOfDelivery(
      {
        appId: delivery.appId,
        content: delivery.content as PushContent,
        address,
        receivedAt: delivery.receivedAt,
        expiresAt: delivery.expiresAt,
        now: new Date(),
        options: delivery.options,
      },
      app?.push,
    );
    return {
      delivery,
      dropped,
      message: { payload, headers },
      credential: { provider, scope: scopeOf(address) },
      send: () => provider.send({ address, payload, headers }, context),
    };
  }

  protected override async conclude(
    { delivery: { deviceId } }: PreparedAttempt,
    _step: NextStep,
    ended: SendResult | Error,
  ): Promise<void> {
    if (deviceId === null || ended instanceof Error || ended.outcome !== 'accepted') return;
    this.reached.note({ id: deviceId, environment: ended.environment });
  }
}

/** Sends the pushes of calls, from a queue of their own. */
@Processor('push-calls', WORKER_OPTIONS)
export class CallPushProcessor extends PushProcessor {
  override readonly isForCalls = true;
}

/** A vendor may accept one platform and lack the key for another. Each Web Push service is a separate vendor. */
function scopeOf({ transport, platform, token }: PushAddress): string {
  return transport === 'webpush' && URL.canParse(token) ? new URL(token).origin : platform;
}
