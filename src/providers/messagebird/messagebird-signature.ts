import { createHash, createHmac } from 'node:crypto';
import type { CallbackRequest } from '../callback.js';
import { sameBytes } from '../same-bytes.js';
import { jsonObject } from '../vendor-request.js';

/** Accepted algorithms: HMAC with a shared key. All others are rejected. */
const HASHES: ReadonlyMap<unknown, string> = new Map([
  ['HS256', 'sha256'],
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
]);
/** Maximum difference between MessageBird's clock and ours. */
const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * Whether `MessageBird-Signature-JWT` is a current token, valid for a minute, signed with our key for this URL and
 * body.
 *
 * @see https://developers.messagebird.com/api/#verifying-http-requests
 */
export function isMessageBirdSigned({ url, headers, body }: CallbackRequest, signingKey: string): boolean {
  const [header, payload, signature, ...rest] = headers['messagebird-signature-jwt']?.split('.') ?? [];
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
    return false;
  const hash = HASHES.get(decoded(header)?.['alg']);
  if (hash === undefined) return false;
  const expected = createHmac(hash, signingKey).update(`${header}.${payload}`).digest();
  if (!sameBytes(Buffer.from(signature, 'base64url'), expected)) return false;
  const claims = decoded(payload);
  if (claims?.['iss'] !== 'MessageBird' || !isCurrent(claims)) return false;
  if (!isHash(claims['url_hash'], url)) return false;
  return claims['payload_hash'] === undefined ? body.length === 0 : isHash(claims['payload_hash'], body);
}

function decoded(part: string): Readonly<Record<string, unknown>> | undefined {
  return jsonObject(Buffer.from(part, 'base64url').toString('utf8'));
}

function isCurrent({ nbf, exp }: Readonly<Record<string, unknown>>): boolean {
  const now = Date.now() / 1_000;
  if (typeof exp !== 'number' || now >= exp + CLOCK_TOLERANCE_SECONDS) return false;
  return nbf === undefined || (typeof nbf === 'number' && now >= nbf - CLOCK_TOLERANCE_SECONDS);
}

function isHash(claim: unknown, of: string | Buffer): boolean {
  const hash = createHash('sha256').update(of).digest();
  return typeof claim === 'string' && sameBytes(Buffer.from(claim, 'hex'), hash);
}
