import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export type Activity =
  /** Its request is incomplete, or it is idle between requests. */
  | 'waiting'
  /** Its complete request is being processed. */
  | 'served'
  /** Its request has been answered and is still arriving. */
  | 'answered early';

interface Connection {
  request?: IncomingMessage;
  response?: ServerResponse;
  /** Requests received but not yet answered. */
  unanswered: number;
  /** Bytes received when it last became idle. */
  bytesBefore: number;
}

/**
 * Maximum pipelined requests per connection. The responses to a client that never reads would be kept in memory. Known
 * clients do not pipeline.
 */
const MAX_UNANSWERED = 16;
/** Maximum time in which a shutdown waits for clients. */
const DRAIN_MS = 2_000;

/**
 * Tracks all connections in the order in which they became idle. Above `max` the longest idle one is closed for a new
 * one; refusing new ones would help an attacker who holds many idle connections.
 */
export class Connections {
  private readonly all = new Map<Socket, Connection>();
  private closing = false;

  constructor(private readonly max: number) {}

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => this.opened(socket));
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request;
      const connection = this.all.get(socket);
      if (!connection) return;
      if (++connection.unanswered > MAX_UNANSWERED) return void socket.destroy();
      connection.request = request;
      connection.response = response;
      response.once('close', () => this.waitsAgain(socket, connection, response));
    });
  }

  activityOf(socket: Socket): Activity {
    const { request, response } = this.all.get(socket) ?? {};
    if (!request || !response) return 'waiting';
    if (response.writableEnded) return request.complete ? 'waiting' : 'answered early';
    return request.complete ? 'served' : 'waiting';
  }

  /** Calls back when the current requests are answered or can no longer be answered. */
  onceServed(socket: Socket, then: () => void): void {
    this.all.get(socket)?.response?.once('close', then);
  }

  /**
   * Closes connections so that no client can delay a shutdown: idle ones at once, all others after two seconds.
   */
  drain(server: Server): void {
    this.closing = true;
    for (const [socket, { bytesBefore }] of this.all) {
      if (this.activityOf(socket) === 'waiting' && socket.bytesRead === bytesBefore) socket.destroy();
    }
    setTimeout(() => server.closeAllConnections(), DRAIN_MS).unref();
  }

  private opened(socket: Socket): void {
    if (this.closing || (this.all.size >= this.max && !this.makeRoom())) return void socket.destroy();
    this.all.set(socket, { bytesBefore: 0, unanswered: 0 });
    socket.once('close', () => this.all.delete(socket));
  }

  private makeRoom(): boolean {
    for (const socket of this.all.keys()) {
      if (this.activityOf(socket) === 'served') continue;
      this.all.delete(socket);
      socket.destroy();
      return true;
    }
    return false;
  }

  private waitsAgain(socket: Socket, connection: Connection, response: ServerResponse): void {
    connection.unanswered -= 1;
    if (connection.response !== response || !this.all.delete(socket)) return;
    connection.bytesBefore = socket.bytesRead;
    this.all.set(socket, connection);
  }
}
