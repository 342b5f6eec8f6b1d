import type { FastifyRequest } from 'fastify';
import { digest, matches } from '../../../platform/auth/digest.js';
import type { CallbackReader, CallbackRequest } from '../../../providers/callback.js';

/** The parts of a query that are ours and not the vendor's. */
const SECRET_NAMES = ['secret', 'callbackSecret'] as const;

/** A request as its vendor made it, and the secret that came in its address. */
export interface ReceivedCallback {
  readonly request: CallbackRequest;
  readonly secret: string | undefined;
}

/**
 * @param publicUrl where vendors reach us; unset: what the request itself says. `X-Forwarded-…` headers are believed
 *   only from a proxy of `TRUST_PROXY`, so that behind another one signatures that cover the address do not hold.
 */
export function readCallback(request: FastifyRequest, publicUrl: string | undefined): ReceivedCallback {
  const base = publicUrl ?? `${request.protocol}://${request.host}`;
  const at = request.url.indexOf('?');
  const query = new URLSearchParams(at < 0 ? '' : request.url.slice(at + 1));
  const secret = SECRET_NAMES.map((name) => query.get(name)).find((value) => value !== null);
  for (const name of SECRET_NAMES) query.delete(name);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  return {
    secret: secret ?? undefined,
    request: {
      method: request.method === 'POST' ? 'POST' : 'GET',
      url: `${base}${request.url}`,
      query,
      headers,
      body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    },
  };
}

/**
 * Whether it is the vendor that calls: by its signature where its key is configured, else by the secret in the
 * address. With neither nobody is believed. The vendor's reader may want the secret beside its signature, or in place
 * of it.
 */
export async function isGenuine(
  { request, secret }: ReceivedCallback,
  reader: CallbackReader,
  callbackSecret: string | undefined,
): Promise<boolean> {
  const hasSecret =
    callbackSecret !== undefined &&
    secret !== undefined &&
    matches(digest(secret), [digest(callbackSecret)]).length > 0;
  if (!reader.isSigned) return hasSecret;
  const role = reader.secretOf?.(request);
  if (role === 'beside' && callbackSecret !== undefined && !hasSecret) return false;
  return (await reader.isSigned(request)) || (role === 'instead' && hasSecret);
}
