import { hash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.js';
import { callActionOf, isKnownAction, type PushContent } from '../domain/event.js';

/** 96 bits suffice for the events of a window, and the queue stores the key three times. */
const keyOf = (...parts: readonly unknown[]): string =>
  hash('sha256', canonicalJson(parts), 'base64url').slice(0, 16);

/**
 * Identifies a push event. CometChat sends no event id, so the key is derived from the content, regardless of spacing
 * and key order. An edited or deleted message, which keeps the tag of the original, has other content.
 *
 * Known call events are identified by user, session and action alone: a phone must not ring twice for one call because
 * another field changed. An unknown action may occur several times in one call, and never rings.
 */
export function pushDedupeKey(appId: string, uid: string, content: PushContent): string {
  const details = content.notificationDetails;
  const action = callActionOf(details);
  if (details.type === 'call' && isKnownAction(action))
    return keyOf('call', appId, uid, details.sessionId, action);
  return keyOf('push', appId, content);
}

/** Identifies an SMS event by its content, which has neither id nor time: the dedupe window has to be short. */
export function smsDedupeKey(appId: string, content: unknown): string {
  return keyOf('sms', appId, content);
}
