import type { PushContent } from '../../domain/event.js';
import { ringEndsAt } from '../../domain/ring.js';
import { sentAtMs } from '../../domain/sent-at.js';

export interface LifetimeSettings {
  readonly lifetimeMinutes: number;
  readonly ringSeconds: number;
  /** 0: no limit on the age of an event. */
  readonly maxAgeMinutes: number;
}

/** The time after which nothing of a notification is sent. A ring expires when the call stops ringing. */
export function expiryOf(receivedAt: Date, content: PushContent | null, settings: LifetimeSettings): Date {
  const { lifetimeMinutes, ringSeconds, maxAgeMinutes } = settings;
  const ring = content && ringEndsAt(content.notificationDetails, receivedAt, ringSeconds);
  const sentAt = sentAtMs(content?.notificationDetails.sentAt);
  const fresh = maxAgeMinutes > 0 && sentAt !== undefined ? sentAt + maxAgeMinutes * 60_000 : Infinity;
  return new Date(ring ?? Math.min(receivedAt.getTime() + lifetimeMinutes * 60_000, fresh));
}
