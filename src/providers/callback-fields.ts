import { UnreadableCallback, type CallbackRequest } from './callback.js';
import { jsonObject } from './vendor-request.js';

/** The fields of a callback, from its query, form or flat JSON object. */
export function callbackFields({
  method,
  query,
  headers,
  body,
}: CallbackRequest): ReadonlyMap<string, string> {
  if (method === 'GET') return new Map(query);
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return new Map(new URLSearchParams(body.toString('utf8')));
  const json = jsonObject(body.toString('utf8'));
  if (!json) throw new UnreadableCallback('The body is not a JSON object.');
  return new Map(Object.entries(json).flatMap(([name, value]) => scalar(name, value)));
}

function scalar(name: string, value: unknown): [string, string][] {
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isScalar ? [[name, String(value)]] : [];
}
