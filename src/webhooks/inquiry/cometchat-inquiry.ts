import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Channel } from '../../domain/notification.js';
import { ReceivedWebhookRepository } from '../../deliveries/received-webhook.repository.js';
import type { ReceivedWebhooks } from '../../deliveries/sql/received-webhooks.sql.js';
import { CometChatRest, type LogFilter } from '../../platform/cometchat/cometchat-rest.js';
import type { LogPage, LogRow } from '../../platform/cometchat/notification-log.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { PROCESS_SETTINGS } from '../../platform/config/config.module.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import type { ProcessSettings } from '../../platform/config/process-settings.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import type { Logger } from '../../platform/logging/logger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { failureOf, type Asked, type Failure } from './failure.js';
import type { ComparedProvider, Findings, Subject } from './findings.js';
import { problemsOf } from '../../platform/cometchat/provider-problems.js';

/** Maximum concurrent inquiries per app and process, so that a CometChat that hangs holds few requests. */
const MAX_INQUIRIES = 4;
const RETRY_AFTER_SECONDS = 5;
/** Days for which CometChat keeps its log. */
const LOG_DAYS = 14;
const DAY_MS = 86_400_000;
/** Maximum lag of the gateway's clock behind CometChat's. */
const CLOCK_SLACK_MS = 60_000;

/**
 * Asks CometChat why a user got no notification, or what became of a message, and compares its settings with ours.
 * Each request to CometChat takes at most `requestTimeoutMs`, and at most two follow each other.
 */
@Injectable()
export class CometChatInquiry implements OnApplicationShutdown {
  private readonly rests = new Map<AppSettings, CometChatRest>();
  private readonly pending = new Map<AppSettings, number>();

  constructor(
    private readonly config: GatewayConfig,
    @Inject(PROCESS_SETTINGS) private readonly process: ProcessSettings,
    private readonly webhooks: ReceivedWebhookRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    for (const app of config.apps) {
      const { restApiKey } = app.cometchat;
      if (restApiKey !== undefined) this.rests.set(app, new CometChatRest(app, restApiKey));
    }
  }

  /** @throws GatewayError `COMETCHAT.NO_API_KEY`, `COMETCHAT.BUSY` */
  async ask(app: AppSettings, about: Omit<Subject, 'appId'>): Promise<Findings> {
    const rest = this.rests.get(app);
    if (!rest) throw new GatewayError('COMETCHAT.NO_API_KEY');
    const pending = this.pending.get(app) ?? 0;
    if (pending >= MAX_INQUIRIES)
      throw new GatewayError('COMETCHAT.BUSY', { retryAfterSeconds: RETRY_AFTER_SECONDS });
    this.pending.set(app, pending + 1);
    const startedAt = performance.now();
    try {
      const findings = await this.find(app, rest, { appId: app.appId, ...about });
      this.logger.info(
        {
          appId: app.appId,
          rows: findings.log?.rows.length ?? 0,
          failures: findings.failures.map(({ asked, code }) => `${asked}: ${code}`),
          durationMs: Math.round(performance.now() - startedAt),
        },
        'cometchat.asked',
      );
      return findings;
    } finally {
      this.pending.set(app, (this.pending.get(app) ?? 1) - 1);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.rests.values()].map((rest) => rest.close()));
  }

  private async find(app: AppSettings, rest: CometChatRest, subject: Subject): Promise<Findings> {
    const failures: Failure[] = [];
    const answerTo = <T>(asked: Asked, answer: Promise<T>): Promise<T | undefined> =>
      answer.catch((error: unknown) => void failures.push(failureOf(asked, error)));
    const [log, push, sms, builtIn] = await Promise.all([
      answerTo('log', logOf(rest, subject)),
      answerTo('push_provider', this.compare(app, rest, 'push')),
      answerTo('sms_provider', this.compare(app, rest, 'sms')),
      answerTo('built_in_providers', rest.builtInProviders()),
    ]);
    const isEmpty = log !== undefined && log.rows.length === 0;
    const [anyone, received] = await Promise.all([
      isEmpty ? answerTo('log', rest.logs()) : undefined,
      this.receivedOf(subject, log?.rows ?? []),
    ]);
    return {
      ...{ subject, log, received, failures },
      isLogUsed: anyone && anyone.rows.length > 0,
      providers: [push, sms].filter((compared) => compared !== undefined),
      builtIn: (builtIn ?? []).filter(({ channel }) => app[channel].providers.length > 0),
      days: this.days,
    };
  }

  private async compare(app: AppSettings, rest: CometChatRest, channel: Channel): Promise<ComparedProvider> {
    const provider = await rest.customProvider(channel);
    const problems = problemsOf(provider, { app, channel, publicUrl: this.process.publicUrl });
    return { channel, provider, problems };
  }

  /** Once CometChat has said when a message was sent, its webhooks are searched from there on. */
  private receivedOf(subject: Subject, rows: readonly LogRow[]): Promise<ReceivedWebhooks> {
    const earliest = Date.now() - this.days * DAY_MS;
    const sentAt = rows.find(({ messageSentAt }) => messageSentAt !== null)?.messageSentAt ?? null;
    const isFromSending = subject.messageId !== null && sentAt !== null;
    const from = isFromSending ? Math.max(earliest, sentAt.getTime() - CLOCK_SLACK_MS) : earliest;
    return this.webhooks.find({ ...subject, from: new Date(from), oldestFirst: isFromSending });
  }

  private get days(): number {
    return Math.min(LOG_DAYS, this.config.ledger.retentionDays);
  }
}

/** Rows of a user as the recipient outside and in groups, or of a message, latest first. */
async function logOf(rest: CometChatRest, { uid, messageId }: Subject): Promise<LogPage> {
  const ofMessage = messageId === null ? {} : { messageId };
  const filters: LogFilter[] =
    uid === null
      ? [ofMessage]
      : [
          { ...ofMessage, receiver: uid, receiverType: 'user' },
          { ...ofMessage, receiverType: 'group', member: uid },
        ];
  const pages = await Promise.all(filters.map((filter) => rest.logs(filter)));
  const rows = pages.flatMap((page) => page.rows);
  return {
    rows: rows.toSorted((a, b) => Number(b.at ?? 0) - Number(a.at ?? 0)),
    hasMore: pages.some(({ hasMore }) => hasMore),
  };
}
