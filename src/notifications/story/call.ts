import { callActionOf, type NotificationDetails, type PushContent } from '../../domain/event.js';
import { ringEndsAt } from '../../domain/ring.js';
import type { CallDto } from './story.dto.js';

const NO_EVENT: NotificationDetails = {};

/** The event of a push of CometChat; empty for an SMS, a request of a backend, and the content of a malformed job. */
export function eventOf(content: string): NotificationDetails {
  try {
    const { notificationDetails } = JSON.parse(content) as Partial<PushContent>;
    return notificationDetails ?? NO_EVENT;
  } catch {
    return NO_EVENT;
  }
}

/** Whose phones ring, and when the event was received. */
export interface CallTime {
  readonly appId: string;
  readonly uid: string;
  readonly receivedAt: Date;
}

/**
 * The state of a call now.
 *
 * @param end what ended it for this user; null while nothing has.
 */
export function callOf(
  event: NotificationDetails & { readonly sessionId: string },
  { receivedAt }: CallTime,
  end: { readonly action: string; readonly endedAt: Date } | null,
  ringSeconds: number,
): CallDto {
  const ringsUntil = ringEndsAt(event, receivedAt, ringSeconds) ?? 0;
  return {
    sessionId: event.sessionId,
    action: callActionOf(event) ?? null,
    state: end ? 'over' : ringsUntil > Date.now() ? 'ringing' : 'unknown',
    endedBy: end?.action ?? null,
    endedAt: end?.endedAt ?? null,
  };
}
