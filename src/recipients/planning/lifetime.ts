import type { PushContent } from '../../domain/event.js';
import { ringEndsAt } from '../../domain/ring.js';

export interface LifetimeSettings {
  readonly lifetimeMinutes: number;
  readonly ringSeconds: number;
}

/** The moment past which nothing of a notification is sent any more. A ring lives as long as the call rings. */
export function expiryOf(receivedAt: Date, content: PushContent | null, settings: LifetimeSettings): Date {
  const { lifetimeMinutes, ringSeconds } = settings;
  const ring = content && ringEndsAt(content.notificationDetails, receivedAt, ringSeconds);
  return new Date(ring ?? receivedAt.getTime() + lifetimeMinutes * 60_000);
}
