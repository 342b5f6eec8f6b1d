import { callActionOf, type PushContent } from '../../domain/event.js';

export interface LifetimeSettings {
  readonly lifetimeMinutes: number;
  readonly ringSeconds: number;
}

/**
 * The moment past which nothing of a notification is sent any more. A ring lives as long as the call rings, counted
 * from when the caller dialled; a time that is missing or lies ahead of our clock counts as the time of receipt.
 */
export function expiryOf(receivedAt: Date, content: PushContent | null, settings: LifetimeSettings): Date {
  const received = receivedAt.getTime();
  const details = content?.notificationDetails;
  if (details?.type === 'call' && callActionOf(details) === 'initiated') {
    const sentAt = Number(details.sentAt);
    const dialled = Number.isFinite(sentAt) && sentAt > 0 && sentAt < received ? sentAt : received;
    return new Date(dialled + settings.ringSeconds * 1_000);
  }
  return new Date(received + settings.lifetimeMinutes * 60_000);
}
