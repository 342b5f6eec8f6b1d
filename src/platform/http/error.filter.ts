import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.js';
import { codeOf } from '../errors/code-of.js';
import type { ErrorCode } from '../errors/error-table.js';
import { GatewayError, type Fault } from '../errors/gateway-error.js';
import type { ErrorBodyDto } from './error-body.dto.js';

export function errorBody(error: GatewayError, requestId: string): ErrorBodyDto {
  return {
    statusCode: error.status,
    code: error.code,
    message: error.message,
    errors: error.errors,
    requestId,
  };
}

export function answerWithError(
  logger: Logger,
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const error = toGatewayError(thrown);
  logRefusal(logger, error, request);
  if (error.challenge !== undefined) void reply.header('WWW-Authenticate', error.challenge);
  if (error.retryAfterSeconds !== undefined)
    void reply.header('Retry-After', String(error.retryAfterSeconds));
  // A string, so that the route's schema and serializer do not apply.
  void reply
    .code(error.status)
    .type('application/json')
    .send(JSON.stringify(errorBody(error, request.id)));
}

/** Maximum problems per log line. */
const MAX_FAULTS = 5;

/**
 * Logs one line per refused request, with its `requestId`. A refused webhook is a lost notification and logged as a
 * warning; an internal error is logged as an error.
 */
function logRefusal(logger: Logger, error: GatewayError, request: FastifyRequest): void {
  const { code, status, errors } = error;
  const line = {
    requestId: request.id,
    code,
    status,
    method: request.method,
    route: request.routeOptions?.url,
  };
  if (status >= 500) return logger.error({ ...line, err: error.cause ?? error }, 'http.failed');
  const level = request.routeOptions?.config.access === 'webhook' ? 'warn' : 'info';
  logger[level]({ ...line, faults: namedFaults(errors) }, 'http.refused');
}

/** Unknown keys are not logged, because their names are arbitrary. */
function namedFaults(errors: readonly Fault[]): string[] | undefined {
  const named = errors.filter(({ problem }) => problem !== 'is not a known key');
  return named.length === 0
    ? undefined
    : named.slice(0, MAX_FAULTS).map(({ path, problem }) => `${path} ${problem}`.trim());
}

/** Handles errors thrown within Nest; `createFastifyAdapter` handles those of Fastify's hooks and parsers. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerWithError(this.logger, thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

/** Codes of errors that Fastify and Nest raise themselves. */
const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'REQUEST.MALFORMED',
  401: 'AUTH.REQUIRED',
  403: 'AUTH.FORBIDDEN',
  404: 'REQUEST.NOT_FOUND',
  405: 'REQUEST.METHOD_NOT_ALLOWED',
  408: 'REQUEST.TIMEOUT',
  413: 'REQUEST.TOO_LARGE',
  // A part of the path that is too long for any id.
  414: 'REQUEST.MALFORMED',
  415: 'REQUEST.UNSUPPORTED_MEDIA_TYPE',
  431: 'REQUEST.HEADERS_TOO_LARGE',
  503: 'SERVICE.UNAVAILABLE',
};

/** Codes of an unavailable store: refused, reset, timed out, starting, stopping, lock timeout. */
const STORE_AWAY = new Set([
  'QUEUE_UNAVAILABLE',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'P1001',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  '57P01',
  '57P03',
  '53300',
]);

export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  if (isStoreAway(thrown))
    return new GatewayError('SERVICE.UNAVAILABLE', { cause: thrown, retryAfterSeconds: 5 });
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusOf(thrown);
  const code = status === undefined ? undefined : CODE_BY_STATUS[status];
  return new GatewayError(code ?? 'SERVICE.INTERNAL_ERROR', { cause: thrown });
}

function statusOf(thrown: unknown): number | undefined {
  const status =
    typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown ? thrown.statusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}

function isStoreAway(thrown: unknown): boolean {
  if (STORE_AWAY.has(codeOf(thrown) ?? '')) return true;
  const message =
    typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : '';
  return /connection terminated|timeout exceeded when trying to connect/i.test(message);
}
