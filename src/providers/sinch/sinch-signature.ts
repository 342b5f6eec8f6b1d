import { createHmac } from 'node:crypto';
import type { CallbackRequest } from '../callback.js';
import { sameBytes } from '../same-bytes.js';

/** Maximum age or clock difference of signed callbacks. */
const TOLERANCE_SECONDS = 300;

/**
 * Whether Sinch signed a request: HMAC-SHA256 over body, nonce and timestamp, separated by dots.
 *
 * @see https://developers.sinch.com/docs/sms/api-reference/sms/webhooks
 */
export function isSinchSigned(request: CallbackRequest, key: string): boolean {
  const { headers, body } = request;
  const nonce = sinchNonce(request);
  const timestamp = headers['x-sinch-webhook-signature-timestamp'] ?? '';
  // The algorithm is fixed; the header must only agree with it.
  const algorithm = headers['x-sinch-webhook-signature-algorithm'] ?? 'HmacSHA256';
  if (nonce === undefined || nonce === '' || algorithm !== 'HmacSHA256') return false;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const expected = createHmac('sha256', key).update(body).update(`.${nonce}.${timestamp}`).digest();
  const given = Buffer.from(headers['x-sinch-webhook-signature'] ?? '', 'base64');
  return sameBytes(given, expected);
}

/** Sinch's nonce for this request. */
export function sinchNonce({ headers }: CallbackRequest): string | undefined {
  return headers['x-sinch-webhook-signature-nonce'];
}
