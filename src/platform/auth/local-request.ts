import type { FastifyRequest } from 'fastify';
import { isLoopback, isLoopbackHost } from '../http/loopback.js';

/** Headers added by proxies and tunnels, besides `X-Forwarded-…`. */
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
 * Whether a request comes from this machine and is meant for it: over loopback, to a loopback name, through no proxy.
 * The peer address alone is no proof: tunnels connect from loopback, and web pages can rebind their name to it.
 */
export function isLocalRequest({ headers, ip, socket }: FastifyRequest): boolean {
  const addresses = [socket.remoteAddress ?? '', ip];
  return (
    addresses.every(isLoopback) &&
    isLoopbackHost(headers.host) &&
    !Object.keys(headers).some((name) => name.startsWith('x-forwarded-') || ADDED_BY_PROXIES.has(name))
  );
}
