import type { FastifyRequest } from 'fastify';
import { isLoopback, isLoopbackHost } from '../http/loopback.js';

/** Headers that a proxy or a tunnel adds, beside all of `X-Forwarded-…`. */
const ADDED_BY_PROXIES = new Set([
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-original-host',
  'true-client-ip',
  'client-ip',
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'cf-ray',
  'fastly-client-ip',
  'fly-client-ip',
  'x-appengine-user-ip',
  'x-azure-clientip',
  'x-envoy-external-address',
  'ngrok-trace-id',
  'tailscale-user-login',
]);

/**
 * Whether a request was made on this machine, for this machine: over loopback, to a loopback name, and through no proxy.
 * A tunnel's own connection comes from loopback as well, and a page that rebinds its name reaches loopback from a browser.
 */
export function isLocalRequest({ headers, ip, socket }: FastifyRequest): boolean {
  const addresses = [socket.remoteAddress ?? '', ip];
  return (
    addresses.every(isLoopback) &&
    isLoopbackHost(headers.host) &&
    !Object.keys(headers).some((name) => name.startsWith('x-forwarded-') || ADDED_BY_PROXIES.has(name))
  );
}
