import type { PushContent } from '../../domain/event.js';
import { ringEndsAt } from '../../domain/ring.js';

export interface LifetimeSettings {
  readonly lifetimeMinutes: number;
  readonly ringSeconds: number;
  /** 0: the age of an event is not looked at. */
  readonly maxAgeMinutes: number;
}

/** CometChat writes milliseconds; what is less than this were seconds, or nothing that tells a time. */
const FIRST_MS = 1e12;

/** The moment past which nothing of a notification is sent any more. A ring lives as long as the call rings. */
export function expiryOf(receivedAt: Date, content: PushContent | null, settings: LifetimeSettings): Date {
  const { lifetimeMinutes, ringSeconds, maxAgeMinutes } = settings;
  const ring = content && ringEndsAt(content.notificationDetails, receivedAt, ringSeconds);
  const sentAt = Number(content?.notificationDetails.sentAt);
  const fresh = maxAgeMinutes > 0 && sentAt >= FIRST_MS ? sentAt + maxAgeMinutes * 60_000 : Infinity;
  return new Date(ring ?? Math.min(receivedAt.getTime() + lifetimeMinutes * 60_000, fresh));
}
