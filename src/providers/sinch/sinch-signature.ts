import { createHmac } from 'node:crypto';
import type { CallbackRequest } from '../callback.js';
import { sameBytes } from '../same-bytes.js';

/** Signed callbacks that are older, or further ahead of us, are refused. */
const TOLERANCE_S = 300;

/**
 * Whether Sinch has signed a request: HMAC-SHA256 over the body, a nonce and the time, with a point between each.
 *
 * @see https://developers.sinch.com/docs/sms/api-reference/sms/webhooks
 */
export function isSinchSigned(request: CallbackRequest, key: string): boolean {
  const { headers, body } = request;
  const nonce = sinchNonce(request);
  const timestamp = headers['x-sinch-webhook-signature-timestamp'] ?? '';
  // The algorithm is ours to say: what the request says of it is only asked to agree.
  const algorithm = headers['x-sinch-webhook-signature-algorithm'] ?? 'HmacSHA256';
  if (nonce === undefined || nonce === '' || algorithm !== 'HmacSHA256') return false;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > TOLERANCE_S) return false;
  const expected = createHmac('sha256', key).update(body).update(`.${nonce}.${timestamp}`).digest();
  const given = Buffer.from(headers['x-sinch-webhook-signature'] ?? '', 'base64');
  return sameBytes(given, expected);
}

/** What Sinch has drawn for this request. */
export function sinchNonce({ headers }: CallbackRequest): string | undefined {
  return headers['x-sinch-webhook-signature-nonce'];
}
