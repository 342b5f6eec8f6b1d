import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether a host name or an address, in brackets or not, is a loopback one. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || (isIP(name) > 0 && ipaddr.process(name).range() === 'loopback');
}

/** The same for a `Host` header with or without port. */
export function isLoopbackHost(header: string | undefined): boolean {
  const [, host] = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(header ?? '') ?? [];
  return host !== undefined && isLoopback(host);
}
