import type { CallbackRequest } from '../../src/providers/callback.js';

const URL_OF_STATUS = 'https://sms.example.com/callbacks/app123/sms/vendor/status';

type Fields = Readonly<Record<string, string>>;
type Headers = Readonly<Record<string, string | undefined>>;

/** A vendor calls by GET. */
export function calledByGet(fields: Fields, headers: Headers = {}): CallbackRequest {
  const query = new URLSearchParams(fields);
  return {
    method: 'GET',
    url: `${URL_OF_STATUS}?${query.toString()}`,
    query,
    headers,
    body: Buffer.alloc(0),
  };
}

/** A vendor posts a form. @param query what our own address has in its query. */
export function postedAsForm(fields: Fields, headers: Headers = {}, query: Fields = {}): CallbackRequest {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return posted(new URLSearchParams(fields).toString(), { ...type, ...headers }, query);
}

/** A vendor posts JSON. */
export function postedAsJson(body: unknown, headers: Headers = {}): CallbackRequest {
  return posted(JSON.stringify(body), { 'content-type': 'application/json; charset=utf-8', ...headers });
}

function posted(body: string, headers: Headers, fields: Fields = {}): CallbackRequest {
  const query = new URLSearchParams(fields);
  const url = query.size === 0 ? URL_OF_STATUS : `${URL_OF_STATUS}?${query.toString()}`;
  return { method: 'POST', url, query, headers, body: Buffer.from(body) };
}
