import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../logging/logger.js';
import type { HttpSettings } from '../config/http-settings.js';
import { GatewayError } from '../errors/gateway-error.js';
import { answerWithError } from './error.filter.js';

const OPS_ROUTES = /^\/(?:health|metrics|docs|docs-json)(?:\/|$)/;
/** Maximum time in ms in which a shutdown waits for clients. */
const STOP_MS = 2_000;

export interface OpsListener {
  /** @returns the address it listens on. */
  listen(host: string, port: number): Promise<string>;
  close(): Promise<void>;
}

/**
 * Adds a second port to the server for `/health`, `/metrics` and `/docs`, which the first port then no longer serves. Call
 * it before the first route is added.
 */
export function addOpsListener(fastify: FastifyInstance, limits: HttpSettings, logger: Logger): OpsListener {
  const ours = new WeakSet<IncomingMessage>();
  const options = {
    requestTimeout: limits.requestTimeoutMs,
    headersTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
  };
  const server = createServer(options, (request, response) => {
    ours.add(request);
    fastify.routing(request, response);
  });
  fastify.addHook('onRequest', async (request, reply) => {
    const isOpsRoute = OPS_ROUTES.test(request.routeOptions.url ?? '');
    if (request.is404 || isOpsRoute === ours.has(request.raw)) return;
    answerWithError(logger, new GatewayError('REQUEST.NOT_FOUND'), request, reply);
    await reply;
  });
  return {
    listen: async (host, port) => {
      server.listen({ host, port });
      await once(server, 'listening');
      const { address, family, port: taken } = server.address() as AddressInfo;
      return `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`;
    },
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      const timer = setTimeout(() => server.closeAllConnections(), STOP_MS);
      await closed;
      clearTimeout(timer);
    },
  };
}
