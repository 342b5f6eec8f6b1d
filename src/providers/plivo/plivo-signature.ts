import { createHmac } from 'node:crypto';
import type { CallbackRequest } from '../callback.js';
import { sameBytes } from '../same-bytes.js';

/**
 * Whether Plivo has signed a request, by version 3 where that came, else by version 2, which is what comes for texts.
 *
 * Version 2 covers the address without its query and a nonce, and neither the fields nor a time; version 3 covers the
 * fields as well. Each comes under the token of the account itself and, as `Ma`, of its main account; several
 * signatures are separated by commas.
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

/** Whether the signature that counts covers the fields as well. */
export function isSignedInFull(request: CallbackRequest): boolean {
  return versionOf(request) === 'v3';
}

/** What Plivo has drawn for this request. */
export function plivoNonce(request: CallbackRequest): string | undefined {
  return request.headers[`x-plivo-signature-${versionOf(request)}-nonce`];
}

function versionOf({ headers }: CallbackRequest): 'v2' | 'v3' {
  return headers['x-plivo-signature-v3-nonce'] === undefined ? 'v2' : 'v3';
}

/** As it was called: nothing about it is put in order. */
function baseOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}

/** The address, its query by name, and the fields of a form by name, with `?` and `.` between where there are any. */
function signedByV3({ method, url, body }: CallbackRequest): string {
  const query = sorted(new URL(url).searchParams, '=').join('&');
  const fields = method === 'POST' ? sorted(new URLSearchParams(body.toString('utf8')), '').join('') : '';
  if (fields === '') return query === '' ? baseOf(url) : `${baseOf(url)}?${query}`;
  return `${baseOf(url)}?${query}${query === '' ? '' : '.'}${fields}`;
}

/** By name, and by value where a name comes twice. */
function sorted(parameters: URLSearchParams, between: string): string[] {
  const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
  return [...parameters]
    .sort(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map(([name, value]) => `${name}${between}${value}`);
}
