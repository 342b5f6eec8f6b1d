import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '../logging/logger.js';
import type { ErrorCode } from '../errors/error-table.js';
import { GatewayError } from '../errors/gateway-error.js';
import { newId } from '../ids/new-id.js';
import { closeGently } from './close-gently.js';
import type { Connections } from './connections.js';
import { errorBody } from './error.filter.js';

const CODES: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'REQUEST.HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST.TIMEOUT',
};

/** Answers invalid HTTP and timeouts on the socket, because there is no request. */
export function clientErrorHandler(
  connections: Connections,
  logger: Logger,
): (error: Error, socket: Socket) => void {
  /** Closing connections, on which every further byte causes another error. */
  const leaving = new WeakSet<Socket>();
  return (error, socket) => {
    if (leaving.has(socket)) return;
    leaving.add(socket);
    const code = 'code' in error ? String(error.code) : '';
    const activity = connections.activityOf(socket);
    // A client that preconnects would take this response for that to its first request.
    if (code === 'ECONNRESET' || socket.bytesRead === 0 || activity === 'answered early') {
      socket.destroy();
    } else if (activity === 'served') {
      // A valid request came first: only that one is answered.
      connections.onceServed(socket, () => closeGently(socket));
    } else {
      closeGently(socket, answer(CODES[code] ?? 'REQUEST.MALFORMED', logger));
    }
  };
}

function answer(code: ErrorCode, logger: Logger): string {
  const requestId = newId();
  const body = errorBody(new GatewayError(code), requestId);
  logger.info({ requestId, code, status: body.statusCode }, 'http.refused');
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${body.statusCode} ${STATUS_CODES[body.statusCode]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
    '',
    text,
  ].join('\r\n');
}
