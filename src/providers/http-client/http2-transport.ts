import type { SecureContext, TLSSocket } from 'node:tls';
import { Http2Connection } from './http2-connection.js';
import { faultCode, type HttpCall, type Transport } from './http-call.js';
import { connectHttp2 } from './tls-connect.js';

/**
 * Maximum connections. At 50 ms per request, six with a hundred streams carry Google's default quota of 10,000 messages
 * a second.
 */
const MAX_CONNECTIONS = 10;
/** Interval of the connection check in milliseconds. */
const TICK_MS = 30_000;
/** Idle time in milliseconds after which a connection other than the last is closed. */
const SURPLUS_IDLE_MS = 300_000;
/** Maximum number of times that an unprocessed call is sent again. */
const MAX_RETURNS = 3;
/** Delay after a failed connection attempt while other connections work, in milliseconds. */
const REOPEN_AFTER_MS = 1_000;

/**
 * HTTP/2 over several connections, opened on demand. The server sets the number of streams per connection. Calls that
 * it did not process (REFUSED_STREAM, above GOAWAY's last stream) move to another connection; a lost connection fails
 * only its own calls.
 */
export class Http2Transport implements Transport {
  private readonly connections = new Set<Http2Connection>();
  /** Retired connections with pending calls. */
  private readonly ending = new Set<Promise<void>>();
  private readonly waiting = new Set<HttpCall>();
  private readonly ticker: NodeJS.Timeout;
  private opening = false;
  private notBefore = 0;
  private closing = false;

  constructor(
    private readonly origin: URL,
    private readonly secureContext: SecureContext,
  ) {
    this.ticker = setInterval(() => this.tick(), TICK_MS).unref();
  }

  send(call: HttpCall): void {
    if (this.waiting.size === 0) {
      const connection = this.freest();
      if (connection) {
        connection.send(call);
        return;
      }
    }
    this.wait(call);
    this.place();
  }

  async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.ticker);
    for (const connection of this.connections) void connection.close();
    await Promise.all(this.ending);
  }

  private wait(call: HttpCall): void {
    this.waiting.add(call);
    call.release = () => this.waiting.delete(call);
  }

  /** Assigns waiting calls to connections with free streams, first come, first served. */
  private place(): void {
    for (const call of this.waiting) {
      const connection = this.freest();
      if (!connection) {
        this.open();
        return;
      }
      this.waiting.delete(call);
      connection.send(call);
    }
  }

  /** The connection with the most free streams, so that a slow one gets no more calls; undefined if all are full. */
  private freest(): Http2Connection | undefined {
    let best: Http2Connection | undefined;
    let most = 0;
    for (const connection of this.connections) {
      const { room } = connection;
      if (room <= most) continue;
      best = connection;
      most = room;
    }
    return best;
  }

  /**
   * Opens one connection at a time, after the SETTINGS of the previous one are known: it may suffice for all waiting
   * calls, and vendors treat many quick connections as an attack.
   */
  private open(): void {
    if (this.opening || this.closing || this.connections.size >= MAX_CONNECTIONS) return;
    if (this.connections.size > 0 && performance.now() < this.notBefore) return;
    for (const connection of this.connections) if (!connection.settingsKnown) return;
    this.opening = true;
    connectHttp2(this.origin, this.secureContext).then(
      (socket) => this.opened(socket),
      (error: unknown) => this.failedToOpen(error),
    );
  }

  private opened(socket: TLSSocket): void {
    this.opening = false;
    if (this.closing) socket.destroy();
    else this.add(socket);
  }

  private failedToOpen(error: unknown): void {
    this.opening = false;
    this.notBefore = performance.now() + REOPEN_AFTER_MS;
    if (this.connections.size > 0) return;
    const calls = [...this.waiting];
    this.waiting.clear();
    for (const call of calls) call.fail(faultCode(error), false);
  }

  private add(socket: TLSSocket): void {
    const connection = new Http2Connection(this.origin, socket, {
      onRoom: () => this.place(),
      onRetired: (retired) => this.drop(retired),
      onReturned: (call) => this.requeue(call),
    });
    this.connections.add(connection);
    this.place();
  }

  private drop(connection: Http2Connection): void {
    this.connections.delete(connection);
    const ended = connection.close().then(() => {
      this.ending.delete(ended);
    });
    this.ending.add(ended);
    if (this.waiting.size > 0) this.place();
  }

  private requeue(call: HttpCall): void {
    call.returns += 1;
    if (call.returns > MAX_RETURNS || this.closing) {
      call.fail('REFUSED_STREAM', false);
      return;
    }
    this.wait(call);
    // Deferred: the connection may be about to report that it is closing.
    setImmediate(() => this.place());
  }

  /** Detects dead connections and closes surplus ones. */
  private tick(): void {
    for (const connection of this.connections) {
      const surplus = this.connections.size > 1 && connection.isIdle;
      if (surplus && performance.now() - connection.idleSince > SURPLUS_IDLE_MS) void connection.close();
      else connection.ping();
    }
  }
}
