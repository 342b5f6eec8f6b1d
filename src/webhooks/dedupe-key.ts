import { hash } from 'node:crypto';
import { callActionOf, type PushContent } from '../domain/event.js';

const keyOf = (...parts: readonly unknown[]): string =>
  hash('sha256', JSON.stringify(parts), 'base64url');

/**
 * What makes two webhooks the same event. CometChat gives no event id, so one is derived: the same event is the same
 * content, whatever its spacing and the order of its keys. That holds for an edited or deleted message, too, which
 * keeps the tag of the first.
 *
 * Calls are told apart by person, session and action alone: a phone must not ring twice for one call because some
 * other field changed.
 */
export function pushDedupeKey(appId: string, uid: string, content: PushContent): string {
  const details = content.notificationDetails;
  if (details.type === 'call') return keyOf('call', appId, uid, details.sessionId, callActionOf(details));
  return keyOf('push', appId, canonicalJson(content));
}

/** An SMS webhook is the same event likewise; as it carries neither id nor time, only within a short window. */
export function smsDedupeKey(appId: string, content: unknown): string {
  return keyOf('sms', appId, canonicalJson(content));
}

/** JSON with every object's keys in order, so that equal contents give equal texts. Bodies are at most 64 deep. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += text === '' ? canonicalJson(item) : `,${canonicalJson(item)}`;
    return `[${text}]`;
  }
  for (const key of Object.keys(value).sort()) {
    const item = canonicalJson((value as Record<string, unknown>)[key]);
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${item}`;
  }
  return `{${text}}`;
}
