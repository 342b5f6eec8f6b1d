import { once } from 'node:events';
import net from 'node:net';

/**
 * Opens a connection within this process and waits until its peer closes it. By then, peers of connections that this
 * process closed earlier have also been notified.
 */
export async function roundTrip(): Promise<void> {
  const server = net.createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1').resume();
  await once(socket, 'close');
  server.close();
}
