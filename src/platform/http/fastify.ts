import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { ErrorCode } from '../errors/error-table.js';
import { GatewayError } from '../errors/gateway-error.js';
import { newId } from '../ids/new-id.js';
import { answerWithError, errorBody } from './error.filter.js';

/** Enough for every body but a webhook's. */
const DEFAULT_BODY_LIMIT = 65_536;
/** A client that has not sent its request whole by then is cut off. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Longer than a load balancer keeps its side (60 s with most), so that it never sends into a closing connection. */
const KEEP_ALIVE_MS = 75_000;
const MAX_HEADER_BYTES = 16_384;
/** With Fastify's default of 100, a uid of 100 characters with signs that are escaped in an address finds no route. */
const MAX_PARAM_LENGTH = 1_000;

/** Nest installs an error handler after every route has taken the one before it: too late to be of use. */
class GatewayAdapter extends FastifyAdapter {
  override setErrorHandler(): FastifyInstance {
    return this.getInstance(); // ours is set below, before the first route
  }
}

/**
 * The HTTP server: limits, request ids, and answers to what is not even a request.
 *
 * @param webhookBodyLimit the largest webhook body, in bytes.
 */
export function createFastifyAdapter(webhookBodyLimit: number, logger: Logger): FastifyAdapter {
  const adapter = new GatewayAdapter({
    bodyLimit: DEFAULT_BODY_LIMIT,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    http: { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: REQUEST_TIMEOUT_MS },
    genReqId: () => newId(),
    forceCloseConnections: 'idle',
    // Whatever was on its way when a stop began is done: a webhook that is refused may not come again.
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      answerWithError(logger, error, request, reply),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  // For what is thrown before a request reaches Nest, by parsers above all.
  fastify.setErrorHandler((error, request, reply) => answerWithError(logger, error, request, reply));
  fastify.addHook('onRoute', (route) => {
    if (route.config?.access === 'webhook') route.bodyLimit = webhookBodyLimit;
  });
  fastify.addHook('onSend', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
  return adapter;
}

const CLIENT_ERRORS: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'REQUEST.HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST.TIMEOUT',
};

/** What reaches us is not HTTP, or not in time: there is no request to answer, only a socket. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const body = errorBody(new GatewayError(CLIENT_ERRORS[error.code ?? ''] ?? 'REQUEST.MALFORMED'), newId());
  const text = JSON.stringify(body);
  socket.end(
    `HTTP/1.1 ${body.statusCode} Error\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n` +
      `Connection: close\r\n\r\n${text}`,
  );
}
