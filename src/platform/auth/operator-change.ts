import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../errors/gateway-error.js';
import { hasBody } from './has-body.js';
import { headerOf } from './header.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const OWN_FETCHES = new Set(['same-origin', 'none']);
const JSON_TYPE = /^application\/json(?:\s*;|$)/i;

/**
 * Rejects cross-site requests (CSRF). A browser that has stored the operator's password, or is logged in at the proxy, adds
 * that to requests from other sites' pages. Such a request names its site, and without a preflight it cannot have a JSON body.
 *
 * @param publicUrl the gateway's own URL, if known.
 * @throws GatewayError `AUTH.OTHER_SITE`, `REQUEST.UNSUPPORTED_MEDIA_TYPE`
 */
export function checkOperatorChange(request: FastifyRequest, publicUrl: string | undefined): void {
  if (READS.has(request.method)) return;
  const site = headerOf(request, 'sec-fetch-site');
  if (site !== undefined && !OWN_FETCHES.has(site)) throw new GatewayError('AUTH.OTHER_SITE');
  const origin = headerOf(request, 'origin');
  if (origin !== undefined && !isOwn(origin, request, publicUrl)) throw new GatewayError('AUTH.OTHER_SITE');
  const type = headerOf(request, 'content-type');
  if (
    type !== undefined
      ? JSON_TYPE.test(type)
      : canGoWithout(request, site === 'same-origin' || origin !== undefined)
  )
    return;
  throw new GatewayError('REQUEST.UNSUPPORTED_MEDIA_TYPE');
}

/** The scheme is ignored: a proxy may terminate TLS without announcing it. */
function isOwn(origin: string, request: FastifyRequest, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  if (publicUrl !== undefined && host === new URL(publicUrl).host) return true;
  return host !== '' && host === hostOf(request);
}

/** In the form of `URL`: without the scheme's default port. */
function hostOf({ protocol, host }: FastifyRequest): string | undefined {
  const url = `${protocol}://${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}

/** A request without a body needs no type: no page can send a DELETE without a preflight. */
function canGoWithout(request: FastifyRequest, isOwnPage: boolean): boolean {
  return !hasBody(request) && (request.method === 'DELETE' || isOwnPage);
}
