import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Ranges that `TRUST_PROXY` may name. */
const BY_NAME: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Whether an address of a connection is that of a trusted proxy, by the value of `TRUST_PROXY`. */
export function isTrustedProxy(address: string, proxies: readonly string[]): boolean {
  if (isIP(address) === 0) return false;
  const peer = ipaddr.process(address);
  return proxies
    .flatMap((proxy) => BY_NAME[proxy] ?? [proxy])
    .some((proxy) => {
      if (!proxy.includes('/')) return ipaddr.process(proxy).toString() === peer.toString();
      const [range, prefix] = ipaddr.parseCIDR(proxy);
      return range.kind() === peer.kind() && peer.match(range, prefix);
    });
}
