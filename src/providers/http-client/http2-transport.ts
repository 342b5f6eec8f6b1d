import type { SecureContext, TLSSocket } from 'node:tls';
import { Http2Connection } from './http2-connection.js';
import { faultCode, type HttpCall, type Transport } from './http-call.js';
import { connectHttp2 } from './tls-connect.js';

/** Connections at most. Six of a hundred streams carry Google's default quota, 10,000 messages a second, at 50 ms. */
const MAX_CONNECTIONS = 10;
/** How often connections are looked after, in milliseconds. */
const TICK_MS = 30_000;
/** A connection beyond the first that carried nothing for so long is closed, in milliseconds. */
const SURPLUS_IDLE_MS = 300_000;
/** How often a call may come back untouched before its caller hears of it. */
const MAX_RETURNS = 3;
/** The pause after a connection could not be made while others still serve, in milliseconds. */
const REOPEN_AFTER_MS = 1_000;

/**
 * HTTP/2 over several connections, opened as they are needed. How many streams one carries is the server's to say.
 * A call that the server left untouched (REFUSED_STREAM, above GOAWAY's last stream) moves to another connection;
 * a lost connection costs only the calls that were on it.
 */
export class Http2Transport implements Transport {
  private readonly connections = new Set<Http2Connection>();
  /** Retired ones that still end what they carry. */
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

  /** Gives waiting calls to connections that have room, first come first served. */
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

  /** The connection with most room, so that a slow one is not given more; undefined: all are full. */
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
   * One at a time, each only when the SETTINGS of the one before are known: they may serve all who wait, and vendors
   * take many fast openings for an attack.
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
      onReturned: (call) => this.takeBack(call),
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

  private takeBack(call: HttpCall): void {
    call.returns += 1;
    if (call.returns > MAX_RETURNS || this.closing) {
      call.fail('REFUSED_STREAM', false);
      return;
    }
    this.wait(call);
    // Not at once: the connection that gave it back may be about to say that it is going away.
    setImmediate(() => this.place());
  }

  /** Finds connections that died in silence, and closes those that are not needed any more. */
  private tick(): void {
    for (const connection of this.connections) {
      const surplus = this.connections.size > 1 && connection.isIdle;
      if (surplus && performance.now() - connection.idleSince > SURPLUS_IDLE_MS) void connection.close();
      else connection.ping();
    }
  }
}
