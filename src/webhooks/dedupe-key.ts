import { hash } from 'node:crypto';
import { callActionOf, isKnownAction, type PushContent } from '../domain/event.js';

/** 96 bits tell more events apart than any window sees, and the queue keeps the key three times. */
const keyOf = (...parts: readonly unknown[]): string =>
  hash('sha256', canonicalJson(parts), 'base64url').slice(0, 16);

/**
 * What makes two webhooks the same event. CometChat gives no event id, so one is derived: the same event is the same
 * content, whatever its spacing and the order of its keys. That holds for an edited or deleted message, too, which
 * keeps the tag of the first.
 *
 * Calls are told apart by person, session and action alone: a phone must not ring twice for one call because some
 * other field changed. An action that is not known may come several times in one call, and never rings.
 */
export function pushDedupeKey(appId: string, uid: string, content: PushContent): string {
  const details = content.notificationDetails;
  const action = callActionOf(details);
  if (details.type === 'call' && isKnownAction(action))
    return keyOf('call', appId, uid, details.sessionId, action);
  return keyOf('push', appId, content);
}

/** An SMS webhook is the same event likewise; as it carries neither id nor time, only within a short window. */
export function smsDedupeKey(appId: string, content: unknown): string {
  return keyOf('sms', appId, content);
}

/** JSON with every object's keys in one order, so that equal contents give equal texts. Bodies are at most 64 deep. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

/** A copy that is written out at once takes half the time of a text put together piece by piece. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const ordered: Record<string, unknown> = {};
  // No key is `__proto__`: what has one is not taken for a body.
  for (const key of Object.keys(value).sort()) ordered[key] = inOrder((value as typeof ordered)[key]);
  return ordered;
}
