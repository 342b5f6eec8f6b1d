import { once } from 'node:events';
import net from 'node:net';

/**
 * Opens a connection within this process and has it closed by the other end. Whoever was on the other end of a
 * connection that this process had closed before knows of it then.
 */
export async function roundTrip(): Promise<void> {
  const server = net.createServer((socket) => socket.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1').resume();
  await once(socket, 'close');
  server.close();
}
