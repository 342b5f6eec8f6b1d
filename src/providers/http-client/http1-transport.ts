import type { SecureContext } from 'node:tls';
import { Pool, type Dispatcher } from 'undici';
import { faultCode, MAX_ANSWER_LENGTH, type HttpCall, type Transport } from './http-call.js';
import { CONNECT_TIMEOUT_MS } from './tls-connect.js';

/** Maximum connections; further calls wait for one. */
const MAX_CONNECTIONS = 256;
/** Keep-alive of idle connections in milliseconds, unless the server states another. */
const KEEP_ALIVE_MS = 30_000;

/** HTTP/1.1 over a pool of persistent connections, one call at a time on each. */
export class Http1Transport implements Transport {
  private readonly pool: Pool;

  constructor(origin: URL, secureContext?: SecureContext) {
    this.pool = new Pool(origin.origin, {
      connections: MAX_CONNECTIONS,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // The call's own timeout covers these.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: CONNECT_TIMEOUT_MS, ...(secureContext ? { secureContext } : {}) },
    });
  }

  send(call: HttpCall): void {
    const { method, path, headers, body } = call.request;
    try {
      this.pool.dispatch(
        { method, path, headers: { ...headers }, body: body ?? null },
        new Http1Answer(call),
      );
    } catch (error) {
      call.fail(faultCode(error), false);
    }
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }
}

class Http1Answer implements Dispatcher.DispatchHandler {
  private status = 0;
  private headers: Readonly<Record<string, string | string[] | undefined>> = {};
  private readonly chunks: Buffer[] = [];
  private length = 0;

  constructor(private readonly call: HttpCall) {}

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // The call ended while it waited. Throwing keeps the connection; an abort would close it.
    if (this.call.isOver()) throw new Error('The call is over.');
    this.call.written = true;
    this.call.release = (code) => controller.abort(new Error(code));
  }

  onResponseStart(
    _: unknown,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.length += chunk.length;
    this.chunks.push(chunk);
    if (this.length <= MAX_ANSWER_LENGTH) return;
    this.call.fail('answer_too_large');
    controller.abort(new Error('answer_too_large'));
  }

  onResponseEnd(): void {
    const [only] = this.chunks;
    const body = only && this.chunks.length === 1 ? only.toString() : Buffer.concat(this.chunks).toString();
    this.call.resolve({ status: this.status, headers: this.headers, body });
  }

  onResponseError(_: unknown, error: Error): void {
    const cause = error.cause ?? error;
    const code = faultCode(cause);
    this.call.fail(
      code === 'UND_ERR_SOCKET' ? 'ECONNRESET' : code === 'UND_ERR_CONNECT_TIMEOUT' ? 'ETIMEDOUT' : code,
    );
  }
}
