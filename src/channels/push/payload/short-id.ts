import { createHash } from 'node:crypto';

/** Printable ASCII without spaces. */
const HEADER_SAFE = /^[\x21-\x7e]{1,64}$/;

/**
 * An id for a header of APNs, at most 64 bytes: the id itself, or its hash if it is longer (a group's id may have 100
 * characters) or has other characters.
 * https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
 */
export function shortId(id: string): string {
  return HEADER_SAFE.test(id) ? id : createHash('sha256').update(id).digest('hex');
}

/**
 * A Web Push topic: up to 32 characters of URL-safe base64. Always a hash, because the push service can read it.
 * https://www.rfc-editor.org/rfc/rfc8030#section-5.4
 */
export function topicOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 32);
}
