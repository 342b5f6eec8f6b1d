import { callActionOf, type NotificationDetails } from './event.js';
import { sentAtMs } from './sent-at.js';

/**
 * When a call stops ringing, in milliseconds since the epoch, counted from when the caller dialled; a time that is
 * missing or lies ahead of our clock counts as the time of receipt. Undefined where the event rings for no call.
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
