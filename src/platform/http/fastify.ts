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

/** Enough for every body but a webhook's. */
const DEFAULT_BODY_LIMIT = 65_536;
/** Of a body that nobody wants so much is read and thrown away, to keep the connection. */
const MAX_UNWANTED_BYTES = 65_536;
const MAX_HEADER_BYTES = 16_384;
/** How often requests are looked for that have not arrived in time. */
const CHECK_EVERY_MS = 1_000;
/** A client that takes nothing of its answer for so long, or is given none. Longer than any route of ours works. */
const SILENCE_MS = 60_000;
/** With Fastify's default of 100, a uid of 100 characters with signs that are escaped in an address finds no route. */
const MAX_PARAM_LENGTH = 1_000;

/** Nest installs an error handler after every route has taken the one before it: too late to be of use. */
class GatewayAdapter extends FastifyAdapter {
  override setErrorHandler(): FastifyInstance {
    return this.getInstance(); // ours is set below, before the first route
  }
}

export interface ServerOptions {
  readonly limits: HttpSettings;
  /** The largest webhook body, in bytes. */
  readonly maxWebhookBytes: number;
  /** Whose `X-Forwarded-…` headers are believed. */
  readonly trustedProxies: readonly string[];
}

/** The HTTP server: limits, request ids, and answers to what is not even a request. */
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
    // Whatever was on its way when a stop began is done: a webhook that is refused may not come again.
    return503OnClosing: false,
    clientErrorHandler: clientErrorHandler(connections, logger),
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      answerWithError(logger, error, request, reply),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  connections.watch(fastify.server);
  fastify.addHook('preClose', async () => connections.drain(fastify.server));
  // For what is thrown before a request reaches Nest, by parsers above all.
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
  fastify.addHook('onSend', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    if (!isBodyUnwanted(request.raw, asksFirst)) return;
    void reply.header('connection', 'close');
    const { socket } = request.raw;
    socket.destroySoon = () => closeGently(socket);
  });
  return adapter;
}

/** Requests with `Expect: 100-continue` that have not been told to go on: nobody does before a guard has agreed. */
function askedFirst(server: Server): WeakSet<IncomingMessage> {
  const waiting = new WeakSet<IncomingMessage>();
  server.on('checkContinue', (request, response) => {
    waiting.add(request);
    server.emit('request', request, response);
  });
  return waiting;
}

/** Whether a request is answered while so much of its body is to come that it is cheaper to end the connection. */
function isBodyUnwanted(request: IncomingMessage, asksFirst: WeakSet<IncomingMessage>): boolean {
  if (request.complete) return false;
  const { 'transfer-encoding': coding, 'content-length': length } = request.headers;
  return coding !== undefined || Number(length ?? 0) > MAX_UNWANTED_BYTES || asksFirst.has(request);
}
