import type { Socket } from 'node:net';

/** Time in which a client must read its last response and stop sending. */
const LINGER_MS = 2_000;

/**
 * Closes a connection whose client may still be sending. Closing a socket with unread bytes resets it and may lose the
 * response, so incoming data is discarded for two seconds first.
 */
export function closeGently(socket: Socket, lastWords = ''): void {
  if (socket.writable) socket.end(lastWords);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}
