import type { CallbackRequest } from '../../src/providers/callback.js';

const URL_OF_STATUS = 'https://sms.example.com/callbacks/app123/sms/vendor/status';

type Fields = Readonly<Record<string, string>>;
type Headers = Readonly<Record<string, string | undefined>>;

/** A GET callback. */
export function calledByGet(fields: Fields, headers: Headers = {}, url = URL_OF_STATUS): CallbackRequest {
  return { method: 'GET', ...withQuery(url, fields), headers, body: Buffer.alloc(0) };
}

/** A form callback. @param query the query of the callback URL. */
export function postedAsForm(
  fields: Fields,
  headers: Headers = {},
  query: Fields = {},
  url = URL_OF_STATUS,
): CallbackRequest {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = Buffer.from(new URLSearchParams(fields).toString());
  return { method: 'POST', ...withQuery(url, query), headers: { ...type, ...headers }, body };
}

/** A JSON callback; a string is posted unchanged. */
export function postedAsJson(body: unknown, headers: Headers = {}, url = URL_OF_STATUS): CallbackRequest {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return { method: 'POST', ...withQuery(url), headers: { ...type, ...headers }, body: bytes };
}

/** @param url may have a query of its own. */
function withQuery(url: string, fields: Fields = {}): Pick<CallbackRequest, 'url' | 'query'> {
  const address = new URL(url);
  for (const [name, value] of Object.entries(fields)) address.searchParams.append(name, value);
  return { url: address.href, query: address.searchParams };
}

/** The rows of a table of codes grouped by reason. */
export const reasonOfEach = <C>(byReason: Readonly<Record<string, readonly C[]>>): (readonly [C, string])[] =>
  Object.entries(byReason).flatMap(([reason, codes]) => codes.map((code) => [code, reason] as const));
