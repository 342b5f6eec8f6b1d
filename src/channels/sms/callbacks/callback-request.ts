import type { FastifyRequest } from 'fastify';
import { digest, matches } from '../../../platform/auth/digest.js';
import type { CallbackReader, CallbackRequest } from '../../../providers/callback.js';

/** Query parameters of the gateway, not the vendor. */
const SECRET_NAMES = ['secret', 'callbackSecret'] as const;

/** A request as the vendor made it, and the secret from its URL. */
export interface ReceivedCallback {
  readonly request: CallbackRequest;
  readonly secret: string | undefined;
}

/**
 * @param publicUrl the base URL that vendors call; unset: derived from the request. `X-Forwarded-…` headers count only
 *   from a proxy of `TRUST_PROXY`; behind any other proxy, signatures that cover the URL fail.
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
 * Verifies a callback: by the vendor's signature if its key is configured, otherwise by the secret in the URL. Without
 * either, every callback is refused. The vendor's reader may require the secret beside the signature or accept it instead.
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
