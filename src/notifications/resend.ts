import { Injectable } from '@nestjs/common';
import { Ledger } from '../deliveries/ledger.js';
import { CallStateRepository } from '../deliveries/call-state.repository.js';
import type { AcceptedNotification } from '../deliveries/records.js';
import type { PushContent, SmsContent } from '../domain/event.js';
import { ringEndsAt } from '../domain/ring.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { findNotification } from './find-notification.js';
import { JobQueue } from '../queue/job-queue.js';
import type { DeviceTarget } from '../queue/jobs.js';
import type { IncomingNotification } from './intake.js';
import { invalid, readStoredRequest } from './send-request.js';

type Original = Pick<
  AcceptedNotification,
  'id' | 'appId' | 'channel' | 'kind' | 'uid' | 'receivedAt' | 'content'
>;

/** Creates a new notification with the content of an earlier one. */
@Injectable()
export class Resend {
  constructor(
    private readonly config: GatewayConfig,
    private readonly ledger: Ledger,
    private readonly calls: CallStateRepository,
    private readonly queue: JobQueue,
  ) {}

  /**
   * @param appId the caller's app; undefined: any app.
   * @throws GatewayError `NOTIFICATION.NOT_FOUND`
   */
  async find(id: string, appId: string | undefined): Promise<Original> {
    const found = await findNotification(() => this.ledger.find(id), this.queue, id);
    const first =
      found &&
      ('record' in found
        ? found.record
        : { ...found.accepted, id, receivedAt: new Date(found.accepted.receivedAt) });
    if (!first || (appId !== undefined && first.appId !== appId))
      throw new GatewayError('NOTIFICATION.NOT_FOUND');
    return first;
  }

  /**
   * @param target its devices; undefined: those of the earlier notification.
   * @throws GatewayError `NOTIFICATION.RING_OVER`; `REQUEST.INVALID_BODY` if an SMS has a target.
   */
  async again(first: Original, target: DeviceTarget | undefined): Promise<IncomingNotification> {
    const { appId, channel, kind, uid, content } = first;
    if (target && channel === 'sms') {
      throw invalid([{ path: '', problem: 'names a device or session: this notification is an SMS' }]);
    }
    const stored = kind === 'api' ? readStoredRequest(content) : { target: undefined, ttlSeconds: undefined };
    return {
      source: 'resend',
      originId: first.id,
      appId,
      channel,
      kind,
      uid,
      content,
      target: target ?? stored.target,
      ttlSeconds: (await this.remainingRingSeconds(first)) ?? stored.ttlSeconds,
    };
  }

  /** The remaining seconds of a ring, which ends with the earlier one whatever its `sentAt`. */
  private async remainingRingSeconds({
    appId,
    uid,
    content,
    receivedAt,
  }: Original): Promise<number | undefined> {
    const parsed = JSON.parse(content) as PushContent | SmsContent;
    if (!('notificationDetails' in parsed)) return undefined;
    const { notificationDetails: details } = parsed;
    const end = ringEndsAt(details, receivedAt, this.config.delivery.ringSeconds);
    if (end === undefined) return undefined;
    const left = Math.floor((end - Date.now()) / 1_000);
    const sessionId = details.sessionId ?? '';
    if (left < 1 || (await this.calls.isOver({ appId, uid, sessionId })))
      throw new GatewayError('NOTIFICATION.RING_OVER');
    return left;
  }
}
