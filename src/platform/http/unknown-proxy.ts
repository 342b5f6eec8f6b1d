import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { Logger } from '../logging/logger.js';

/** Non-public ranges of ipaddr.js. */
const OWN_RANGES = new Set(['loopback', 'private', 'carrierGradeNat', 'linkLocal', 'uniqueLocal']);

/** Warns once about a proxy that `TRUST_PROXY` does not name: all clients then share its address. */
export function warnOfUnknownProxy(fastify: FastifyInstance, logger: Logger): void {
  let isWarned = false;
  fastify.addHook('onRequest', (request, _reply, done) => {
    if (!isWarned && request.headers['x-forwarded-for'] !== undefined) {
      const address = request.socket.remoteAddress ?? '';
      if (isIP(address) > 0 && OWN_RANGES.has(ipaddr.process(address).range())) {
        isWarned = true;
        logger.warn({ proxy: address }, 'http.proxy_unknown: name it in TRUST_PROXY, or all clients are one');
      }
    }
    done();
  });
}
