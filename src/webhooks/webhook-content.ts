import { hash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.js';
import { callActionOf, isKnownAction, type PushContent } from '../domain/event.js';

/** The content of a webhook, as it is stored. */
export interface WebhookContent {
  /** The webhook's `data` as JSON, regardless of spacing and key order. */
  readonly content: string;
  /** Equal for repeats. */
  readonly dedupeKey: string;
}

/** 96 bits suffice for the events of a window, and the queue stores the key three times. */
const keyOf = (parts: readonly unknown[], content = ''): string =>
  hash('sha256', JSON.stringify(parts) + content, 'base64url').slice(0, 16);

/**
 * The content of a push event, and the key that identifies it. CometChat sends no event id, so the key is derived from
 * the content. An edited or deleted message, which keeps the tag of the original, has other content.
 *
 * Known call events are identified by user, session and action alone: a phone must not ring twice for one call because
 * another field changed. An unknown action may occur several times in one call, and never rings.
 */
export function pushContent(appId: string, uid: string, data: PushContent): WebhookContent {
  const content = canonicalJson(data);
  const details = data.notificationDetails;
  const action = callActionOf(details);
  if (details.type === 'call' && isKnownAction(action))
    return { content, dedupeKey: keyOf(['call', appId, uid, details.sessionId, action]) };
  return { content, dedupeKey: keyOf(['push', appId], content) };
}

/** As for a push. An SMS event has neither id nor time: the dedupe window has to be short. */
export function smsContent(appId: string, data: unknown): WebhookContent {
  const content = canonicalJson(data);
  return { content, dedupeKey: keyOf(['sms', appId], content) };
}
