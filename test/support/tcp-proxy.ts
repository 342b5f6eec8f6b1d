import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy that can cut or stall its connections. */
export interface TcpProxy {
  /** The server's URL through the proxy. */
  readonly url: string;
  /** Keeps connections open without passing data. */
  stall(): void;
  /** Closes connections, and new ones at once. */
  cut(): void;
  /** Restores normal operation; stalled connections continue. */
  mend(): void;
  close(): Promise<void>;
}

export async function startProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let state: 'well' | 'stalled' | 'cut' = 'well';
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer((client) => {
    if (state === 'cut') return void client.destroy();
    const upstream = connect(Number(port), hostname);
    keep(client).on('close', () => upstream.destroy());
    keep(upstream).on('close', () => client.destroy());
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => client.write(data));
    if (state === 'stalled') for (const socket of [client, upstream]) socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    stall: () => {
      state = 'stalled';
      for (const socket of sockets) socket.pause();
    },
    cut: () => {
      state = 'cut';
      for (const socket of sockets) socket.destroy();
    },
    mend: () => {
      state = 'well';
      for (const socket of sockets) socket.resume();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
