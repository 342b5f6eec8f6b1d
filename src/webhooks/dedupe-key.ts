import { createHash } from 'node:crypto';
import { callActionOf, type PushContent } from '../domain/event.js';

const hash = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

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
  if (details.type === 'call') return hash('call', appId, uid, details.sessionId, callActionOf(details));
  return hash('push', appId, canonicalJson(content));
}

/** An SMS webhook is the same event likewise; as it carries neither id nor time, only within a short window. */
export function smsDedupeKey(appId: string, content: unknown): string {
  return hash('sms', appId, canonicalJson(content));
}

/** JSON with every object's keys in order, so that equal contents give equal texts. Bodies are at most 64 deep. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
