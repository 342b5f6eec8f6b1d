import { createHash } from 'node:crypto';

/** What a header may hold: printable ASCII without spaces. */
const HEADER_SAFE = /^[\x21-\x7e]{1,64}$/;

/**
 * An id of at most 64 bytes that may stand in a header, as APNs wants it: the id itself, or its hash where it is longer
 * or has other characters (a group's id may have 100).
 * https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
 */
export function shortId(id: string): string {
  return HEADER_SAFE.test(id) ? id : createHash('sha256').update(id).digest('hex');
}

/**
 * A Web Push topic: up to 32 characters of URL-safe base64. Always a hash, because the push service reads it.
 * https://www.rfc-editor.org/rfc/rfc8030#section-5.4
 */
export function topicOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 32);
}
