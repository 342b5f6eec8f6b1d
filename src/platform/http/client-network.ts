import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

const WITH_PORT = /^(?:(\d+\.\d+\.\d+\.\d+)|\[(.+)\]):\d+$/;

/**
 * The network that a request comes from, as far as one customer of a provider owns it: one address of IPv4, 64 bits of
 * IPv6.
 */
export function networkOf(request: FastifyRequest): string {
  return cut(clientAddress(request), 32, 64);
}

/** The same, cut so far (24 bits of IPv4, 48 of IPv6) that it names no person, and may be logged. */
export function maskedNetworkOf(request: FastifyRequest): string {
  return cut(clientAddress(request), 24, 48);
}

/** By the headers of proxies that are trusted, else of the connection. A proxy may have added the client's port. */
function clientAddress({ ip, socket }: FastifyRequest): string {
  const claimed = WITH_PORT.exec(ip)?.slice(1).join('') ?? ip;
  return isIP(claimed) > 0 ? claimed : (socket.remoteAddress ?? '');
}

function cut(address: string, bitsOfV4: number, bitsOfV6: number): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (v4 !== undefined) {
    const kept = v4.split('.').slice(0, bitsOfV4 / 8);
    return kept.length === 4 ? v4 : `${[...kept, ...zeros(4 - kept.length)].join('.')}/${bitsOfV4}`;
  }
  if (isIP(address) !== 6) return 'unknown';
  return `${groupsOf(address)
    .slice(0, bitsOfV6 / 16)
    .join(':')}::/${bitsOfV6}`;
}

/** The eight groups of an IPv6 address, in their shortest form. The last may be written as IPv4. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = groups(head);
  const right = groups(tail ?? '');
  return [...left, ...zeros(8 - left.length - right.length), ...right];
}

const groups = (text: string): string[] =>
  text
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => (group.includes('.') ? ['v4', 'v4'] : [Number.parseInt(group, 16).toString(16)]));

const zeros = (count: number): string[] => Array.from({ length: Math.max(count, 0) }, () => '0');
