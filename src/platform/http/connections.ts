import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What a connection is doing. */
export type Activity =
  /** Its request has not arrived whole, or it is between two requests. */
  | 'waiting'
  /** Its request has arrived whole and is being worked on. */
  | 'served'
  /** Its request is answered, and still arriving. */
  | 'answered early';

interface Connection {
  request?: IncomingMessage;
  response?: ServerResponse;
  /** Requests that have come and whose answers have not gone out. */
  unanswered: number;
  /** Bytes that had come when it last began to wait. */
  bytesBefore: number;
}

/**
 * Requests on one connection at once. A client that sends them without end and reads no answer would have all answers
 * kept in memory; none that we know of sends a second one before it has read the first.
 */
const MAX_UNANSWERED = 16;
/** When a stop has waited so long for clients, it waits no longer. */
const DRAIN_MS = 2_000;

/**
 * Knows all connections, in the order in which they began to wait for a request. Past `max` the first that is not being
 * served makes room for a new one: refusing new ones is what an attacker with many idle ones wants.
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

  /** Calls back when what is being served on this connection is answered, or cannot be any more. */
  onceServed(socket: Socket, then: () => void): void {
    this.all.get(socket)?.response?.once('close', then);
  }

  /**
   * Ends what waits for a client, so that nobody can hold up a stop: at once where nothing of a request has come, in two
   * seconds whatever is left.
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
