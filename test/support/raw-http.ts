import { connect, type Socket } from 'node:net';

/** A connection on which a test says what it likes, HTTP or not. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything that came so far. */
  received(): string;
  send(text: string | Buffer): void;
  /** All that came, once the other side has ended the connection. */
  ended(): Promise<string>;
  /** The other side has cut it off, rather than ended it. */
  wasReset(): boolean;
  /** All that came, as soon as it matches. */
  until(pattern: RegExp): Promise<string>;
}

/**
 * Opens a connection. A reset is an end like any other.
 *
 * @param stubborn it never ends its side by itself.
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
        void closed.then(() => reject(new Error(`It ended with: ${text}`)));
      }),
  };
}

/** The status of each answer in what came. */
export const statusesOf = (received: string): number[] =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

/** The body of the last answer, read as an error. */
export const errorOf = (received: string): { statusCode: number; code: string; requestId: string } =>
  JSON.parse(received.slice(received.lastIndexOf('\r\n\r\n') + 4)) as never;
