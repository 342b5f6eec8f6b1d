import { Inject, Injectable } from '@nestjs/common';
import {
  isRequested,
  type Channel,
  type NotificationKind,
  type NotificationSource,
} from '../domain/notification.js';
import { DuplicateCounts } from '../deliveries/duplicate-counts.js';
import type { ErrorCode } from '../platform/errors/error-table.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { newId } from '../platform/ids/new-id.js';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { Metrics } from '../platform/metrics/metrics.js';
import type { Dedupe } from '../queue/job-queue.js';
import { queueOf, type DeviceTarget, type SendNotification } from '../queue/jobs.js';
import { DurableStore, NotStored } from '../queue/spool/durable-store.js';

const RETRY_AFTER_S = 5;

const NOT_STORED = {
  webhook: 'WEBHOOK.NOT_STORED',
  api: 'NOTIFICATION.NOT_STORED',
  resend: 'NOTIFICATION.NOT_STORED',
  replay: 'NOTIFICATION.NOT_STORED',
  test: 'NOTIFICATION.NOT_STORED',
  reply: 'CALLBACK.NOT_STORED',
} as const satisfies Record<NotificationSource, ErrorCode>;

/** A validated notification. */
export interface IncomingNotification {
  readonly source: NotificationSource;
  /** The notification that it repeats. */
  readonly originId?: string | undefined;
  /** Name of the credential that it came with. */
  readonly receivedBy?: string | undefined;
  /** Unset: generated. */
  readonly id?: string;
  readonly appId: string;
  readonly channel: Channel;
  readonly kind: NotificationKind;
  readonly uid: string;
  /** Identifies repeats; unset: not deduplicated. */
  readonly dedupe?: Dedupe | undefined;
  /** JSON: the webhook's `data` as received, or its equivalent. */
  readonly content: string;
  readonly target?: DeviceTarget | undefined;
  /** Wait in ms before it is planned. */
  readonly delayMs?: number | undefined;
  readonly ttlSeconds?: number | undefined;
  readonly reply?: SendNotification['reply'];
  /** Hash of a request with an `Idempotency-Key`. */
  readonly requestFingerprint?: string | undefined;
}

export interface AcceptResult {
  readonly notificationId: string;
  readonly duplicate: boolean;
}

/** Accepts notifications: each is on disk before it is acknowledged. */
@Injectable()
export class Intake {
  constructor(
    private readonly store: DurableStore,
    private readonly duplicates: DuplicateCounts,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Stores a notification durably, or finds the one that it repeats.
   *
   * @throws GatewayError `WEBHOOK.NOT_STORED`, `NOTIFICATION.NOT_STORED` or `CALLBACK.NOT_STORED` if that takes longer
   * than 1.8 s.
   */
  async accept(notification: IncomingNotification): Promise<AcceptResult> {
    const startedAt = Date.now();
    const { source, id = newId(), appId, channel, kind, uid, content } = notification;
    const { dedupe, target, ttlSeconds, reply, requestFingerprint, originId, receivedBy, delayMs } =
      notification;
    const data = {
      v: target?.deviceIds === undefined ? 1 : 2,
      appId,
      channel,
      kind,
      uid,
      receivedAt: startedAt,
      content,
      target,
      ttlSeconds,
      reply,
      isAskedFor: isRequested(source) ? true : undefined,
      requestFingerprint,
      source,
      originId,
      receivedBy,
    } as const;
    const delay = delayMs === undefined ? {} : { delayMs };
    const queueName = queueOf(channel, kind === 'call');
    const job = { queueName, name: 'notification.send', id, data, ...delay } as const;
    const stored = await this.store.add({ v: 1, job, dedupe }).catch((error: unknown) => {
      if (!(error instanceof NotStored)) throw error;
      throw new GatewayError(NOT_STORED[source], { cause: error, retryAfterSeconds: RETRY_AFTER_S });
    });
    const { id: notificationId, isSpooled } = stored;
    const duplicate = notificationId !== id;
    if (duplicate) this.duplicates.note(notificationId);
    const answer = duplicate ? 'duplicate' : 'accepted';
    if (source === 'webhook') this.metrics.webhooks.inc({ route: channel, answer });
    if (isRequested(source)) this.metrics.apiNotifications.inc({ channel, answer });
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
