import type { IncomingMessage, Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.js';
import type { HttpSettings } from '../config/http-settings.js';
import { newId } from '../ids/new-id.js';
import { addBrowserHeaders } from './browser-headers.js';
import { clientErrorHandler } from './client-error.js';
import { closeGently } from './close-gently.js';
import { Connections } from './connections.js';
import { answerWithError } from './error.filter.js';
import { warnOfUnknownProxy } from './unknown-proxy.js';

/** Body limit of all routes but the webhooks'. */
const DEFAULT_BODY_LIMIT = 65_536;
/** Maximum unwanted body that is read and discarded to keep the connection. */
const MAX_UNWANTED_BYTES = 65_536;
const MAX_HEADER_BYTES = 16_384;
/** Interval of the check for request timeouts. */
const CHECK_EVERY_MS = 1_000;
/** Socket timeout; longer than any route takes. */
const SILENCE_MS = 60_000;
/** Fastify's default of 100 is too short for a uid of 100 characters with percent-encoding. */
const MAX_PARAM_LENGTH = 1_000;

/** Nest installs its error handler too late, after the routes have captured the previous one. */
class GatewayAdapter extends FastifyAdapter {
  override setErrorHandler(): FastifyInstance {
    return this.getInstance(); // ours is set below, before the first route
  }
}

export interface ServerOptions {
  readonly limits: HttpSettings;
  /** The largest webhook body, in bytes. */
  readonly maxWebhookBytes: number;
  /** Proxies whose `X-Forwarded-…` headers are trusted. */
  readonly trustedProxies: readonly string[];
}

/** The HTTP server: limits, request ids, and responses to invalid requests. */
export function createFastifyAdapter(options: ServerOptions, logger: Logger): FastifyAdapter {
  const { limits, maxWebhookBytes, trustedProxies } = options;
  const connections = new Connections(limits.maxConnections);
  const adapter = new GatewayAdapter({
    bodyLimit: DEFAULT_BODY_LIMIT,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: SILENCE_MS,
    http: {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, limits.requestTimeoutMs),
    },
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    genReqId: () => newId(),
    forceCloseConnections: 'idle',
    // Requests in flight at a shutdown are served: CometChat may not repeat a refused webhook.
    return503OnClosing: false,
    clientErrorHandler: clientErrorHandler(connections, logger),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      answerWithError(logger, error, request, reply),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  connections.watch(fastify.server);
  fastify.addHook('preClose', async () => connections.drain(fastify.server));
  // For errors thrown before a request reaches Nest, mainly by parsers.
  fastify.setErrorHandler((error, request, reply) => answerWithError(logger, error, request, reply));
  fastify.addHook('onRoute', (route) => {
    if (route.config?.access === 'webhook') route.bodyLimit = maxWebhookBytes;
  });
  addBrowserHeaders(fastify);
  if (trustedProxies.length === 0) warnOfUnknownProxy(fastify, logger);
  const asksFirst = askedFirst(fastify.server);
  fastify.addHook('preParsing', (request, reply, _payload, done) => {
    if (asksFirst.delete(request.raw)) reply.raw.writeContinue();
    done();
  });
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    void reply.header('x-request-id', request.id);
    if (isBodyUnwanted(request.raw, asksFirst)) {
      void reply.header('connection', 'close');
      const { socket } = request.raw;
      socket.destroySoon = () => closeGently(socket);
    }
    done();
  });
  return adapter;
}

/** Requests with `Expect: 100-continue` that wait for authentication. */
function askedFirst(server: Server): WeakSet<IncomingMessage> {
  const waiting = new WeakSet<IncomingMessage>();
  server.on('checkContinue', (request, response) => {
    waiting.add(request);
    server.emit('request', request, response);
  });
  return waiting;
}

/** Whether so much of an answered request's body is missing that closing the connection is cheaper. */
function isBodyUnwanted(request: IncomingMessage, asksFirst: WeakSet<IncomingMessage>): boolean {
  if (request.complete) return false;
  const { 'transfer-encoding': coding, 'content-length': length } = request.headers;
  return coding !== undefined || Number(length ?? 0) > MAX_UNWANTED_BYTES || asksFirst.has(request);
}
