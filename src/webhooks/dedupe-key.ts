import { createHash } from 'node:crypto';
import { callActionOf, type PushContent } from '../domain/event.js';

const hash = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

/**
 * What makes two push webhooks the same event. CometChat gives no event id, so it is derived:
 *
 * - a call by person, session and action;
 * - everything else by person, conversation, tag, time and text: an edited or deleted message keeps its tag, so the
 *   tag alone would swallow the edit;
 * - where neither tag nor time is given, by the whole content.
 */
export function pushDedupeKey(appId: string, uid: string, content: PushContent): string {
  const details = content.notificationDetails;
  if (details.type === 'call') return hash('call', appId, uid, details.sessionId, callActionOf(details));
  if (!details.tag && !details.sentAt) return hash('push', appId, canonicalJson(content));
  const { conversationId, tag, sentAt, title, body } = details;
  return hash(
    'chat',
    appId,
    uid,
    conversationId ?? null,
    tag ?? null,
    String(sentAt ?? ''),
    title ?? null,
    body ?? null,
  );
}

/** SMS bodies carry no id at all: two are the same event if they say the same, whatever the order of their keys. */
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
