import { BlockList, isIPv6 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

const OWN_NETWORKS = new BlockList();
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
] as const) {
  OWN_NETWORKS.addSubnet(network, bits, 'ipv4');
}
OWN_NETWORKS.addAddress('::1', 'ipv6');
OWN_NETWORKS.addSubnet('fc00::', 7, 'ipv6');
OWN_NETWORKS.addSubnet('fe80::', 10, 'ipv6');

/** Says once that a proxy seems to stand in front which `TRUST_PROXY` does not name: to us all clients are one then. */
export function warnOfUnknownProxy(fastify: FastifyInstance, logger: Logger): void {
  let isWarned = false;
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!isWarned && request.headers['x-forwarded-for'] !== undefined) {
      const address = request.socket.remoteAddress ?? '';
      if (OWN_NETWORKS.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) {
        isWarned = true;
        logger.warn({ proxy: address }, 'http.proxy_unknown: name it in TRUST_PROXY, or all clients are one');
      }
    }
    done();
  });
}
