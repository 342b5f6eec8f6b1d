import { callActionOf, type NotificationDetails } from './event.js';
import { sentAtMs } from './sent-at.js';

/**
 * The end of ringing in milliseconds since the epoch, measured from `sentAt`; a missing or future `sentAt` is replaced
 * by the time of receipt. Undefined if the event is not a ring.
 */
export function ringEndsAt(
  details: NotificationDetails,
  receivedAt: Date,
  ringSeconds: number,
): number | undefined {
  if (details.type !== 'call' || callActionOf(details) !== 'initiated') return undefined;
  const received = receivedAt.getTime();
  const dialled = Math.min(sentAtMs(details.sentAt) ?? received, received);
  return dialled + ringSeconds * 1_000;
}
