import { createHmac } from 'node:crypto';
import type { CallbackRequest } from '../callback.js';
import { sameBytes } from '../same-bytes.js';

/**
 * Whether Plivo signed a request: with version 3 if present, otherwise with version 2, which SMS use.
 *
 * Version 2 covers the URL without its query and a nonce, but neither fields nor a timestamp; version 3 covers the
 * fields as well. Each is signed with the account's token and, as `Ma`, with its main account's; several signatures are
 * separated by commas.
 *
 * @see https://www.plivo.com/docs/messaging/concepts/signature-validation
 * @see https://www.plivo.com/docs/voice/concepts/signature-validation
 */
export function isPlivoSigned(request: CallbackRequest, authToken: string): boolean {
  const { headers } = request;
  const version = versionOf(request);
  const nonce = plivoNonce(request);
  if (nonce === undefined || nonce === '') return false;
  const signed = version === 'v3' ? `${signedByV3(request)}.${nonce}` : `${baseOf(request.url)}${nonce}`;
  const expected = createHmac('sha256', authToken).update(signed).digest();
  const given = [headers[`x-plivo-signature-${version}`], headers[`x-plivo-signature-ma-${version}`]];
  return given
    .flatMap((header) => header?.split(',') ?? [])
    .some((signature) => sameBytes(Buffer.from(signature.trim(), 'base64'), expected));
}

/** Whether the effective signature covers the fields as well. */
export function isSignedInFull(request: CallbackRequest): boolean {
  return versionOf(request) === 'v3';
}

/** Plivo's nonce for this request. */
export function plivoNonce(request: CallbackRequest): string | undefined {
  return request.headers[`x-plivo-signature-${versionOf(request)}-nonce`];
}

function versionOf({ headers }: CallbackRequest): 'v2' | 'v3' {
  return headers['x-plivo-signature-v3-nonce'] === undefined ? 'v2' : 'v3';
}

/** The URL as requested, without normalization. */
function baseOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

/** The URL, the sorted query and the sorted form fields, separated by `?` and `.` if present. */
function signedByV3({ method, url, body }: CallbackRequest): string {
  const query = sorted(new URL(url).searchParams, '=').join('&');
  const fields = method === 'POST' ? sorted(new URLSearchParams(body.toString('utf8')), '').join('') : '';
  if (fields === '') return query === '' ? baseOf(url) : `${baseOf(url)}?${query}`;
  return `${baseOf(url)}?${query}${query === '' ? '' : '.'}${fields}`;
}

/** Sorted by name, then value. */
function sorted(parameters: URLSearchParams, separator: string): string[] {
  const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
  return [...parameters]
    .sort(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map(([name, value]) => `${name}${separator}${value}`);
}
