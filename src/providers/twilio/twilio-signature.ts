import { createHash, createHmac } from 'node:crypto';
import { digest, matches } from '../../platform/auth/digest.js';
import type { CallbackRequest } from '../callback.js';

const FORM = /^application\/x-www-form-urlencoded\b/i;

/**
 * Whether Twilio signed a request: HMAC-SHA1 with the account's token over the URL and the form's names and values,
 * sorted by name. Other bodies are not covered; their hash is in the URL as `bodySHA256`.
 *
 * Twilio signs the URL sometimes with and sometimes without the port; both are accepted.
 * https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function isSignedByTwilio(authToken: string, request: CallbackRequest): boolean {
  const signature = request.headers['x-twilio-signature'];
  const signed = signedParameters(request);
  if (signature === undefined || signed === undefined) return false;
  const expected = urlVariants(request.url).map((url) => digest(hmac(authToken, url + signed)));
  return matches(digest(signature), expected).length > 0;
}

function hmac(key: string, content: string): string {
  return createHmac('sha1', key).update(content).digest('base64');
}

/** The signed content after the URL; undefined if the body is not covered. */
function signedParameters({ method, query, headers, body }: CallbackRequest): string | undefined {
  if (method === 'GET' || body.length === 0) return '';
  const bodyHash = query.get('bodySHA256');
  if (bodyHash !== null) {
    const actual = createHash('sha256').update(body).digest('hex');
    return matches(digest(bodyHash), [digest(actual)]).length > 0 ? '' : undefined;
  }
  return FORM.test(headers['content-type'] ?? '') ? sorted(new URLSearchParams(body.toString())) : undefined;
}

/** A repeated name precedes each of its values; repeated values count once. */
function sorted(form: URLSearchParams): string {
  return [...new Set(form.keys())]
    .sort()
    .flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value))
    .join('');
}

function urlVariants(url: string): string[] {
  const parts = /^(https?):\/\/(\[[^\]]*\]|[^/:?#]*)(:\d+)?(.*)$/is.exec(url);
  if (!parts) return [url];
  const [, scheme = '', host = '', port, rest = ''] = parts;
  const standard = scheme.toLowerCase() === 'https' ? ':443' : ':80';
  return [`${scheme}://${host}${rest}`, `${scheme}://${host}${port ?? standard}${rest}`];
}
