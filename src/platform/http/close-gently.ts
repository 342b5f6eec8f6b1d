import type { Socket } from 'node:net';

/** How long a client may take to read its last answer and to stop sending. */
const LINGER_MS = 2_000;

/**
 * Ends a connection whose client may still be sending. A socket that is closed over unread bytes resets the connection,
 * and the client may never see the answer: so what still comes is thrown away for two seconds.
 */
export function closeGently(socket: Socket, lastWords = ''): void {
  if (socket.writable) socket.end(lastWords);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}
