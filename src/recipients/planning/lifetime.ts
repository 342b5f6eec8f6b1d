import type { PushContent } from '../../domain/event.js';
import { ringEndsAt } from '../../domain/ring.js';
import { sentAtMs } from '../../domain/sent-at.js';

export interface LifetimeSettings {
  readonly lifetimeMinutes: number;
  readonly ringSeconds: number;
  /** 0: the age of an event is not looked at. */
  readonly maxAgeMinutes: number;
}

/** The moment past which nothing of a notification is sent any more. A ring lives as long as the call rings. */
export function expiryOf(receivedAt: Date, content: PushContent | null, settings: LifetimeSettings): Date {
  const { lifetimeMinutes, ringSeconds, maxAgeMinutes } = settings;
  const ring = content && ringEndsAt(content.notificationDetails, receivedAt, ringSeconds);
  const sentAt = sentAtMs(content?.notificationDetails.sentAt);
  const fresh = maxAgeMinutes > 0 && sentAt !== undefined ? sentAt + maxAgeMinutes * 60_000 : Infinity;
  return new Date(ring ?? Math.min(receivedAt.getTime() + lifetimeMinutes * 60_000, fresh));
}
