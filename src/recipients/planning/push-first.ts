import { Injectable } from '@nestjs/common';
import { Ledger } from '../../deliveries/ledger.js';
import type { PushContent, SmsContent } from '../../domain/event.js';
import { foldId } from '../../domain/uid.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { DeviceLookup } from '../devices/device-lookup.js';
import { SeenMessageRepository } from '../read-receipts/seen-message.repository.js';
import { liveDevices } from './live-devices.js';
import { skip, type Accepted, type Postponed, type Skipped } from './planned.js';
import { conversationIds, namedMessages } from './sms-messages.js';

/** Assumed maximum age of the messages in an SMS webhook without timestamps. */
const UNTIMED_MS = 600_000;

/** Withholds SMS from users whom a push reaches, by the app's `sms.policy` (docs/push-first.md). */
@Injectable()
export class PushFirst {
  constructor(
    private readonly devices: DeviceLookup,
    private readonly seen: SeenMessageRepository,
    private readonly ledger: Ledger,
  ) {}

  /** @returns why no SMS is sent, or not yet; undefined if it may be sent. */
  async reasonToWithhold(
    app: AppSettings,
    { uid, receivedAt }: Accepted,
    content: SmsContent,
  ): Promise<Skipped | Postponed | undefined> {
    const { policy, seenWithinSeconds } = app.sms;
    if (policy === 'always') return undefined;
    const devices = liveDevices(app, await this.devices.devicesOf(app.appId, uid));
    if (devices.length === 0) return undefined;
    if (policy === 'ifNoPush') return skip('reached_by_push');
    if (await this.isSeen(app.appId, uid, receivedAt, content)) return skip('seen_on_device');
    const postponedMs = receivedAt.getTime() + seenWithinSeconds * 1_000 - Date.now();
    return postponedMs > 0 ? { postponedMs, why: 'may_be_seen' } : undefined;
  }

  /**
   * Whether the user has seen everything that the SMS would report: each message by its id, or the conversation after
   * its newest message. Without timestamps from CometChat, a recent view of the conversation counts if no push of it
   * has come since.
   */
  private async isSeen(appId: string, uid: string, receivedAt: Date, content: SmsContent): Promise<boolean> {
    const { ids, newestAt } = namedMessages(content);
    if (ids && (await this.seen.haveSeenAll(appId, uid, ids))) return true;
    const conversations = conversationIds(content, uid);
    if (conversations.length === 0) return false;
    const seenAt = await this.seen.lastSeenIn(appId, uid, conversations);
    if (seenAt === undefined) return false;
    if (newestAt) return seenAt >= newestAt;
    if (seenAt.getTime() < receivedAt.getTime() - UNTIMED_MS) return false;
    const pushes = await this.ledger.pushesSince(appId, uid, seenAt);
    return !pushes.some((push) => conversations.includes(conversationOf(push)));
  }
}

function conversationOf(push: string): string {
  const { notificationDetails } = JSON.parse(push) as PushContent;
  return foldId(notificationDetails.conversationId ?? '');
}
