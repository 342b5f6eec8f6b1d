import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whether a host name or an address, in brackets or not, means this machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || (isIP(name) > 0 && ipaddr.process(name).range() === 'loopback');
}

/** The same of a `Host` header, whatever its port. */
export function isLoopbackHost(header: string | undefined): boolean {
  const [, host] = /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(header ?? '') ?? [];
  return host !== undefined && isLoopback(host);
}
