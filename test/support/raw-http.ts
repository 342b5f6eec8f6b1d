import { connect, type Socket } from 'node:net';

/** A raw connection that can send anything, valid HTTP or not. */
export interface RawConnection {
  readonly socket: Socket;
  /** Data received so far. */
  received(): string;
  send(text: string | Buffer): void;
  /** All data, once the other side has closed the connection. */
  ended(): Promise<string>;
  /** Whether the other side reset the connection instead of closing it. */
  wasReset(): boolean;
  /** The data once it matches. */
  until(pattern: RegExp): Promise<string>;
}

/**
 * Opens a connection. A reset counts as a close.
 *
 * @param stubborn never closes its own side.
 */
export async function openRaw(url: string, stubborn = false): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: stubborn });
  let text = '';
  let reset = false;
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  socket.on('data', (data) => (text += data.toString('latin1')));
  socket.on('error', () => (reset = true));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return {
    socket,
    received: () => text,
    send: (data) => void (socket.writable && socket.write(data)),
    ended: () => closed,
    wasReset: () => reset,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => void (pattern.test(text) && resolve(text));
        look();
        socket.on('data', look);
        void closed.then(() => reject(new Error(`The connection closed after: ${text}`)));
      }),
  };
}

/** The status of each answer in the received data. */
export const statusesOf = (received: string): number[] =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** The body of the last answer, parsed as an error. */
export const errorOf = (received: string): { statusCode: number; code: string; requestId: string } =>
  JSON.parse(received.slice(received.lastIndexOf('\r\n\r\n') + 4)) as never;
