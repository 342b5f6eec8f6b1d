import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '../platform/logging/logger.js';
import type { Channel, NotificationKind } from '../domain/notification.js';
import type { Caller } from '../platform/auth/access.js';
import type { AppSettings } from '../platform/config/app-settings.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { newId } from '../platform/ids/new-id.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { Metrics } from '../platform/metrics/metrics.js';
import type { Dedupe } from '../queue/job-queue.js';
import { planQueue, type DeviceTarget } from '../queue/jobs.js';
import { invalidSignature } from '../webhooks/webhook.authenticator.js';
import { DurableStore, NotStored } from '../queue/spool/durable-store.js';

const RETRY_AFTER_S = 5;
const MS_PER_MINUTE = 60_000;
const NOT_STORED = { webhook: 'WEBHOOK.NOT_STORED', api: 'NOTIFICATION.NOT_STORED' } as const;

/** Who asks for a notification: CometChat by a webhook, or the app's own backend. */
type Source = 'webhook' | 'api';

/** Something that a person is to hear of, checked. */
export interface IncomingNotification {
  readonly source: Source;
  /** The id that it is to have; unset: any. */
  readonly id?: string;
  readonly appId: string;
  readonly channel: Channel;
  readonly kind: NotificationKind;
  readonly uid: string;
  /** How a repeat of it is recognised; unset: it is not. */
  readonly dedupe?: Dedupe | undefined;
  /** As JSON text: the webhook's `data` as it came, or what takes its place. */
  readonly content: string;
  readonly target?: DeviceTarget | undefined;
  readonly ttlSeconds?: number | undefined;
  /** The hash of the request, where it had an `Idempotency-Key`. */
  readonly requestFingerprint?: string | undefined;
}

export interface AcceptResult {
  readonly notificationId: string;
  readonly duplicate: boolean;
}

/** Stores events: what it has answered for is on disk before it answers. */
@Injectable()
export class Intake {
  constructor(
    private readonly config: GatewayConfig,
    private readonly store: DurableStore,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Finds the app that an event is from among those that its sender may speak for.
   *
   * @throws GatewayError `WEBHOOK.UNKNOWN_APP`, `WEBHOOK.WRONG_APP`, `WEBHOOK.INVALID_SIGNATURE`
   */
  appOf(caller: Caller, appId: string): AppSettings {
    const apps = caller.kind === 'webhook' ? caller.apps : [];
    const app = apps.find((candidate) => candidate.appId === appId);
    if (app) return app;
    if (caller.kind === 'webhook' && caller.unsigned.some((candidate) => candidate.appId === appId)) {
      throw invalidSignature();
    }
    const configured = this.config.apps.some((candidate) => candidate.appId === appId);
    throw new GatewayError(configured ? 'WEBHOOK.WRONG_APP' : 'WEBHOOK.UNKNOWN_APP', {
      errors: [
        { path: 'appId', problem: configured ? 'is not an app of these credentials' : 'is not configured' },
      ],
    });
  }

  /** How a repeat of a webhook is recognised. */
  repeatsOf(channel: Channel, key: string): Dedupe {
    const { smsDedupeMinutes, pushDedupeMinutes } = this.config.intake;
    return { key, windowMs: (channel === 'sms' ? smsDedupeMinutes : pushDedupeMinutes) * MS_PER_MINUTE };
  }

  /**
   * Stores an event durably, or finds that it was stored before.
   *
   * @throws GatewayError `WEBHOOK.NOT_STORED` or `NOTIFICATION.NOT_STORED` when that is not possible within 1.8 s.
   */
  async accept(event: IncomingNotification): Promise<AcceptResult> {
    const startedAt = Date.now();
    const { source, id = newId(), appId, channel, kind, uid, content, target, ttlSeconds } = event;
    const { requestFingerprint } = event;
    const data = {
      v: 1,
      appId,
      channel,
      kind,
      uid,
      receivedAt: startedAt,
      content,
      target,
      ttlSeconds,
      isAskedFor: source === 'api' ? true : undefined,
      requestFingerprint,
    } as const;
    const order = { queueName: planQueue(kind), name: 'notification.plan', id, data } as const;
    const stored = await this.store.add({ v: 1, order, dedupe: event.dedupe }).catch((error: unknown) => {
      if (!(error instanceof NotStored)) throw error;
      throw new GatewayError(NOT_STORED[source], { cause: error, retryAfterSeconds: RETRY_AFTER_S });
    });
    const { id: notificationId, isSpooled } = stored;
    const duplicate = notificationId !== id;
    const answer = duplicate ? 'duplicate' : 'accepted';
    if (source === 'webhook') this.metrics.webhooks.inc({ route: channel, answer });
    else this.metrics.apiNotifications.inc({ channel, answer });
    this.logger.info(
      {
        notificationId,
        source,
        appId,
        channel,
        kind,
        duplicate,
        spooled: isSpooled ? true : undefined,
        durationMs: Date.now() - startedAt,
      },
      'notification.accepted',
    );
    return { notificationId, duplicate };
  }
}
