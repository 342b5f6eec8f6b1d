import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+)|\[(.+)\]):\d+$/;

/**
 * The network of a request's client that belongs to one customer of an internet provider: one IPv4 address, or 64 bits of
 * IPv6.
 */
export function networkOf(request: FastifyRequest): string {
  return cut(clientAddress(request), 32, 64);
}

/** The same, truncated to 24 bits of IPv4 or 48 of IPv6, so that it identifies no user and may be logged. */
export function maskedNetworkOf(request: FastifyRequest): string {
  return cut(clientAddress(request), 24, 48);
}

/** The address of a request's client; `unknown` if there is none. */
export function addressOf(request: FastifyRequest): string {
  return clientAddress(request) || 'unknown';
}

/** From the headers of trusted proxies, otherwise from the connection. A proxy may add the client's port. */
function clientAddress({ ip, socket }: FastifyRequest): string {
  const claimed = WITH_PORT.exec(ip)?.slice(1).join('') ?? ip;
  return isIP(claimed) > 0 ? claimed : (socket.remoteAddress ?? '');
}

function cut(text: string, bitsOfV4: number, bitsOfV6: number): string {
  // Without this check the library reads short forms such as `10.1` as well.
  if (isIP(text) === 0) return 'unknown';
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv6) {
    const groups = address.parts.slice(0, bitsOfV6 / 16).map((part) => part.toString(16));
    return `${groups.join(':')}::/${bitsOfV6}`;
  }
  if (bitsOfV4 === 32) return address.toString();
  return `${ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/${bitsOfV4}`).toString()}/${bitsOfV4}`;
}
