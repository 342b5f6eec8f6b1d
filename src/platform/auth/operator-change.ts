import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../errors/gateway-error.js';
import { headerOf } from './header.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const OWN_FETCHES = new Set(['same-origin', 'none']);
const JSON_TYPE = /^application\/json(?:\s*;|$)/i;

/**
 * A browser that knows the operator's password sends it along with whatever another site's page has it send. Such a
 * request names that site; and what a page can send without asking first is no JSON.
 *
 * @param publicUrl the gateway's own address, where it is known.
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

/** The scheme is left to the proxy in front, which may end TLS without saying so. */
function isOwn(origin: string, request: FastifyRequest, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  if (publicUrl !== undefined && host === new URL(publicUrl).host) return true;
  return host !== '' && host === hostOf(request);
}

/** As `URL` writes it: without the port that the scheme has anyway. */
function hostOf({ protocol, host }: FastifyRequest): string | undefined {
  const url = `${protocol}://${host}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}

/** There is nothing to have a type: no page can send a DELETE unasked, and the gateway's own pages are vouched for. */
function canGoWithout({ method, headers }: FastifyRequest, isOwnPage: boolean): boolean {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return !hasBody && (method === 'DELETE' || isOwnPage);
}
