import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '../../../platform/logging/logger.js';
import type { SmsContent } from '../../../domain/event.js';
import { UNKNOWN_SENDER } from '../../../domain/uid.js';
import { digest } from '../../../platform/auth/digest.js';
import { GatewayConfig } from '../../../platform/config/gateway-config.js';
import type { SmsOptOutSettings } from '../../../platform/config/sms-settings.js';
import { LOGGER } from '../../../platform/logging/logging.module.js';
import { Metrics } from '../../../platform/metrics/metrics.js';
import type { InboundSms } from '../../../providers/callback.js';
import type { Dedupe } from '../../../queue/job-queue.js';
import { toE164 } from '../../../platform/phone/phone-number.js';
import { understand } from './inbound-kind.js';
import { OptOutWords, type InboundKind } from './opt-out-words.js';
import { OptOutRepository } from './opt-out.repository.js';
import { ReplyIntake } from './reply-intake.js';

/** How long a repeated report of the same SMS is recognised. */
const REPEAT_MS = 3_600_000;
/** HELP is answered once within this time. */
const HELP_MS = 86_400_000;

interface OptOutApp {
  readonly words: OptOutWords;
  /** `answersOptOuts` by provider. */
  readonly answers: ReadonlyMap<string, boolean | undefined>;
  readonly settings: SmsOptOutSettings;
}

/** Handles and answers STOP, START and HELP; ignores any other inbound SMS. */
@Injectable()
export class InboundSmsHandler {
  private readonly apps: ReadonlyMap<string, OptOutApp>;

  constructor(
    config: GatewayConfig,
    private readonly optOuts: OptOutRepository,
    private readonly intake: ReplyIntake,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.apps = new Map(
      config.apps.map(({ appId, sms: { optOut: settings, providers } }) => [
        appId,
        {
          settings,
          words: new OptOutWords(settings),
          answers: new Map(providers.map(({ id, answersOptOuts }) => [id, answersOptOuts])),
        },
      ]),
    );
  }

  /**
   * Idempotent: a repeated SMS that changes nothing is not answered again.
   *
   * @throws if it cannot be stored; then nothing has changed.
   */
  async take(appId: string, provider: string, inbound: InboundSms): Promise<void> {
    const app = this.apps.get(appId);
    if (!app) return;
    const own = app.words.kindOf(inbound.text);
    const { kind, isAnswered } = understand(inbound, own, app.answers.get(provider));
    this.metrics.smsInbound.inc({ app: appId, provider, kind });
    if (kind === 'other') return;
    const phno = toE164(inbound.from, undefined);
    if (phno === undefined) return this.logger.warn({ appId, provider, kind }, 'sms.inbound_from_no_number');
    const sender = { appId, provider, phno, inbound, isAnswered };
    const changed = await this.act(kind, app.settings, sender);
    this.logger.info({ appId, provider, kind, changed }, 'sms.inbound');
  }

  private async act(
    kind: Exclude<InboundKind, 'other'>,
    settings: SmsOptOutSettings,
    from: Sender,
  ): Promise<boolean> {
    const { appId, provider, phno, inbound } = from;
    if (kind === 'help') {
      await this.reply(from, settings.helpReply, { key: keyOf(kind, appId, phno), windowMs: HELP_MS });
      return false;
    }
    const optedOut = kind === 'stop';
    const id = inbound.vendorMessageId;
    const repeat = id === null ? undefined : { key: keyOf(kind, appId, provider, id), windowMs: REPEAT_MS };
    return this.optOuts.record(appId, phno, { optedOut, source: 'inbound', provider }, () =>
      this.reply(from, optedOut ? settings.stopReply : settings.startReply, repeat),
    );
  }

  private async reply(
    { appId, provider, phno, isAnswered }: Sender,
    text: string,
    repeat: Dedupe | undefined,
  ): Promise<void> {
    if (isAnswered || text.trim() === '') return;
    const content: SmsContent = { to: { uid: UNKNOWN_SENDER, phno }, smsContent: text };
    await this.intake.accept({
      source: 'reply',
      appId,
      channel: 'sms',
      kind: 'sms',
      uid: UNKNOWN_SENDER,
      content: JSON.stringify(content),
      reply: { provider },
      dedupe: repeat,
    });
  }
}

interface Sender {
  readonly appId: string;
  readonly provider: string;
  readonly phno: string;
  readonly inbound: InboundSms;
  /** Already answered by the vendor or the network. */
  readonly isAnswered: boolean;
}

/** Hashed, so that the queue's keys contain no phone number. */
const keyOf = (...parts: readonly string[]): string =>
  `sms-reply-${digest(JSON.stringify(parts)).toString('base64url')}`;
