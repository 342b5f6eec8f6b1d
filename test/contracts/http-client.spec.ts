import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import { describe, expect, it, jest } from '@jest/globals';
import { connectTo, type HttpClientSettings } from '../../src/providers/http-client/connect-to.js';
import type { HttpClient, HttpRequest } from '../../src/providers/http-client/http-client.js';
import { closeAfterEach } from '../support/close-after-each.js';
import { VendorServer, type VendorAnswer, type VendorServerOptions } from '../support/vendor-server.js';
import { startProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const POST: HttpRequest = { method: 'POST', path: '/send', headers: {}, body: '{}', timeoutMs: 60_000 };
const OK: VendorAnswer = { status: 200, body: 'ok', headers: { 'retry-after': '3' } };

const closeLater = closeAfterEach();

/** HTTP/2 if the server offers it. */
const protocolFor = ({ http2: offered }: VendorServerOptions): HttpClientSettings['protocol'] & string =>
  offered === false ? 'http/1.1' : 'h2';

async function vendor(
  options: VendorServerOptions,
  handle: (path: string) => VendorAnswer | Promise<VendorAnswer> = () => OK,
): Promise<{ server: VendorServer; client: HttpClient }> {
  const server = await VendorServer.start(options, ({ path }) => handle(path));
  const client = connectTo({ endpoint: server.url, ca: server.ca, protocol: protocolFor(options) });
  closeLater(server, client);
  return { server, client };
}

const many = (client: HttpClient, count: number, over: Partial<HttpRequest> = {}): Promise<unknown[]> =>
  Promise.all(Array.from({ length: count }, () => client.request({ ...POST, ...over })));

/** With the number of concurrent requests: over TLS and HTTP/1.1 each needs a CPU-intensive handshake. */
const PROTOCOLS: readonly (readonly [string, VendorServerOptions, number])[] = [
  ['HTTP/1.1 in the clear', { tls: false }, 400],
  ['HTTP/1.1 over TLS', { http2: false }, 100],
  ['HTTP/2', {}, 400],
];

describe.each(PROTOCOLS)('the HTTP client over %s', (_name, options, atOnce) => {
  it('returns the status, headers and body of an answer', async () => {
    const { client } = await vendor(options);
    const answer = await client.request(POST);
    expect(answer).toMatchObject({ status: 200, body: 'ok', headers: { 'retry-after': '3' } });
  });

  it('reuses its connections', async () => {
    const { client, server } = await vendor(options);
    for (let i = 0; i < 20; i += 1) await client.request(POST);
    // Over HTTP/1.1 the first connection may still be ending its request.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('sends many requests concurrently', async () => {
    // The server answers none before the last has arrived.
    let come = 0;
    let answer = (): void => undefined;
    const fifty = new Promise<void>((resolve) => (answer = resolve));
    const { client, server } = await vendor(options, async () => {
      come += 1;
      if (come === 50) answer();
      await fifty;
      return OK;
    });
    await many(client, atOnce);
    expect(server.requests).toBe(atOnce);
    expect(server.peak).toBeGreaterThanOrEqual(50);
  });

  it('reports a timeout with mayHaveBeenSent', async () => {
    const { client } = await vendor(options, (path) => (path === '/slow' ? 'hang' : OK));
    await client.request(POST);
    const slow = client.request({ ...POST, path: '/slow', timeoutMs: 100 });
    await expect(slow).rejects.toMatchObject({
      name: 'HttpFault',
      code: 'timeout',
      mayHaveBeenSent: true,
    });
    await expect(client.request(POST)).resolves.toMatchObject({ status: 200 });
  });

  it('aborts a request by its signal', async () => {
    const { client, server } = await vendor(options, (path) => (path === '/slow' ? 'hang' : OK));
    await client.request(POST);
    const stop = new AbortController();
    const slow = client.request({ ...POST, path: '/slow', signal: stop.signal });
    await until(
      () => server.requests === 2,
      () => server.requests,
    );
    stop.abort();
    await expect(slow).rejects.toMatchObject({ name: 'HttpAborted' });
    await expect(client.request({ ...POST, signal: stop.signal })).rejects.toMatchObject({
      name: 'HttpAborted',
    });
    await expect(client.request(POST)).resolves.toMatchObject({ status: 200 });
  });

  it('reports a lost connection and opens another', async () => {
    const { client } = await vendor(options, (path) => (path === '/drop' ? 'reset' : OK));
    await client.request(POST);
    const lost = client.request({ ...POST, path: '/drop' });
    await expect(lost).rejects.toMatchObject({ name: 'HttpFault', mayHaveBeenSent: true });
    await expect(client.request(POST)).resolves.toMatchObject({ status: 200 });
  });

  it('reports a refused connection', async () => {
    const { client, server } = await vendor(options);
    await server.close();
    const refused = client.request(POST);
    await expect(refused).rejects.toMatchObject({ code: 'ECONNREFUSED', mayHaveBeenSent: false });
  });

  it('reconnects to a restarted vendor', async () => {
    const { client, server } = await vendor(options);
    await client.request(POST);
    await server.close();
    await expect(client.request(POST)).rejects.toMatchObject({ name: 'HttpFault' });
    const port = Number(new URL(server.url).port);
    closeLater(await VendorServer.start({ ...options, port }, () => OK));
    await expect(client.request(POST)).resolves.toMatchObject({ status: 200 });
  });

  it('refuses an answer that is too large', async () => {
    const { client } = await vendor(options, () => ({ status: 200, body: 'x'.repeat(1_100_000) }));
    await expect(client.request(POST)).rejects.toMatchObject({
      code: 'answer_too_large',
      mayHaveBeenSent: true,
    });
  });

  it('finishes requests in flight when it closes, and accepts no more', async () => {
    const { client } = await vendor({ ...options, latencyMs: 50 });
    const underWay = many(client, 20);
    const closed = client.close();
    await expect(client.request(POST)).rejects.toMatchObject({ code: 'closed', mayHaveBeenSent: false });
    await closed;
    await expect(underWay).resolves.toHaveLength(20);
  });

  it('closes without having been used', async () => {
    const { client, server } = await vendor(options);
    await client.close();
    expect(server.connections).toBe(0);
  });
});

describe('the HTTP client over HTTP/2', () => {
  it('opens further connections once the server’s stream limit is reached', async () => {
    let atOnce = 0;
    let answer: (reply: VendorAnswer) => void = () => undefined;
    const opened = new Promise<VendorAnswer>((resolve) => (answer = resolve));
    const { client, server } = await vendor({ maxConcurrentStreams: 5, latencyMs: 10 }, () => {
      atOnce = Math.max(atOnce, server.peak / server.connections);
      // No answer before the last connection is open, or the first connection would take further requests.
      return opened;
    });
    const sent = many(client, 200);
    await until(
      () => server.connections === 10,
      () => server.connections,
    );
    answer(OK);
    await sent;
    expect(server.requests).toBe(200);
    expect(server.connections).toBe(10);
    expect(atOnce).toBeLessThanOrEqual(5);
  });

  it('opens one stream until the server has announced its stream limit', async () => {
    const { client, server } = await vendor({ maxConcurrentStreams: 1, latencyMs: 5 });
    await many(client, 30);
    expect(server.peak).toBeLessThanOrEqual(server.connections);
  });

  it('retries a refused stream', async () => {
    let refusals = 0;
    const { client } = await vendor({}, () => (refusals++ < 2 ? 'refuse_stream' : OK));
    await expect(client.request(POST)).resolves.toMatchObject({ status: 200 });
    expect(refusals).toBe(3);
  });

  it('reports a server that refuses every stream without mayHaveBeenSent', async () => {
    const { client } = await vendor({}, () => 'refuse_stream');
    await expect(client.request(POST)).rejects.toMatchObject({
      code: 'REFUSED_STREAM',
      mayHaveBeenSent: false,
    });
  });

  it('reports the code of a reset stream and keeps the connection', async () => {
    const { client, server } = await vendor({}, (path) => (path === '/bad' ? 'reset_stream' : OK));
    const bad = client.request({ ...POST, path: '/bad' });
    await expect(bad).rejects.toMatchObject({ code: 'INTERNAL_ERROR', mayHaveBeenSent: true });
    await client.request(POST);
    expect(server.connections).toBe(1);
  });

  it('loses no request to a GOAWAY', async () => {
    const { client, server } = await vendor({ latencyMs: 100 });
    await client.request(POST);
    const before = many(client, 50);
    await until(
      () => server.requests === 51,
      () => server.requests,
    );
    server.goaway();
    const after = many(client, 50);
    await expect(Promise.all([before, after])).resolves.toBeDefined();
    expect(server.requests).toBe(101);
    expect(server.connections).toBe(2);
  });

  it('retries a request that reaches the server after its GOAWAY', async () => {
    const { client, server } = await vendor({});
    await client.request(POST);
    const listener = net.createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const here = net.connect((listener.address() as net.AddressInfo).port, '127.0.0.1').resume();
    const [there] = (await once(listener, 'connection')) as [net.Socket];
    // This socket is read first: the request starts before GOAWAY is read, and reaches the server after it.
    const answer = new Promise((resolve) => here.once('data', () => resolve(client.request(POST))));
    there.write('now');
    server.goaway();
    await expect(answer).resolves.toMatchObject({ status: 200 });
    expect(server.connections).toBe(2);
    here.destroy();
    listener.close();
  });

  it.each([
    ['graceful', http2.constants.NGHTTP2_NO_ERROR],
    ['error', http2.constants.NGHTTP2_ENHANCE_YOUR_CALM],
  ])('retries the requests that a GOAWAY left unprocessed (%s)', async (_, code) => {
    let answering = false;
    const { client, server } = await vendor({}, (path) => (path === '/first' || answering ? OK : 'hang'));
    await client.request({ ...POST, path: '/first' }); // stream 1
    const untouched = many(client, 10);
    await until(
      () => server.requests === 11,
      () => server.requests,
    );
    answering = true;
    server.goaway(code, 1);
    await expect(untouched).resolves.toHaveLength(10);
    expect(server.requests).toBe(21);
  });

  it('fails only the requests of a lost connection', async () => {
    const { client, server } = await vendor({ maxConcurrentStreams: 10, latencyMs: 50 });
    await many(client, 30);
    const settled = Promise.allSettled(Array.from({ length: 30 }, () => client.request(POST)));
    server.dropConnections();
    await settled;
    await expect(many(client, 30)).resolves.toHaveLength(30);
  });

  it('opens another connection when one has used up its stream ids', async () => {
    const connect = jest.spyOn(http2, 'connect');
    const { client, server } = await vendor({});
    await client.request(POST);
    const session = connect.mock.results[0]?.value as http2.ClientHttp2Session & {
      setNextStreamID(id: number): void;
    };
    connect.mockRestore();
    session.setNextStreamID(2 ** 31 - 3);
    for (let i = 0; i < 5; i += 1) await expect(client.request(POST)).resolves.toMatchObject({ status: 200 });
    expect(server.requests).toBe(6);
    expect(server.connections).toBe(2);
  });

  it('drops a silent connection long before its requests time out', async () => {
    const server = await VendorServer.start({}, () => OK);
    const proxy = await startProxy(server.url);
    const client = connectTo({ endpoint: proxy.url, ca: server.ca, protocol: 'h2' });
    closeLater(server, proxy, client);
    await client.request(POST);
    proxy.stall();
    const lost = client.request(POST);
    await expect(lost).rejects.toMatchObject({ code: 'ping_timeout', mayHaveBeenSent: true });
    proxy.mend();
    await expect(client.request(POST)).resolves.toMatchObject({ status: 200 });
    expect(server.connections).toBe(2);
  });

  it('waits for a slow vendor that answers pings', async () => {
    const { client, server } = await vendor({ latencyMs: 4_000 });
    await expect(client.request(POST)).resolves.toMatchObject({ status: 200 });
    expect(server.connections).toBe(1);
  });

  it('sends nothing to a server that does not offer HTTP/2', async () => {
    const server = await VendorServer.start({ http2: false }, () => OK);
    const client = connectTo({ endpoint: server.url, ca: server.ca, protocol: 'h2' });
    closeLater(server, client);
    await expect(client.request(POST)).rejects.toMatchObject({
      code: 'http2_not_offered',
      mayHaveBeenSent: false,
    });
    expect(server.requests).toBe(0);
  });
});

describe('the HTTP client over HTTP/1.1', () => {
  it('ignores an offer of HTTP/2', async () => {
    const sessions: unknown[] = [];
    const server = await VendorServer.start({}, ({ session }) => {
      sessions.push(session);
      return OK;
    });
    const client = connectTo({ endpoint: server.url, ca: server.ca });
    closeLater(server, client);
    await client.request(POST);
    expect(sessions).toEqual([undefined]);
  });
});

describe.each(['http/1.1', 'h2'] as const)('the HTTP client over TLS with %s', (protocol) => {
  it.each([
    ['CERT_HAS_EXPIRED', { certificate: 'expired' } as const, true],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', {}, false],
  ])('reports an untrusted certificate: %s', async (code, options, trusted) => {
    const server = await VendorServer.start(options, () => OK);
    const client = connectTo({ endpoint: server.url, protocol, ...(trusted ? { ca: server.ca } : {}) });
    closeLater(server, client);
    await expect(client.request(POST)).rejects.toMatchObject({ code, mayHaveBeenSent: false });
    expect(server.requests).toBe(0);
  });

  it('times out if the server does not complete the handshake', async () => {
    const deaf = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => deaf.once('listening', resolve));
    const sockets: net.Socket[] = [];
    deaf.on('connection', (socket) => sockets.push(socket));
    const { port } = deaf.address() as net.AddressInfo;
    const client = connectTo({ endpoint: `https://127.0.0.1:${port}`, protocol });
    const waiting = client.request({ ...POST, timeoutMs: 100 });
    await expect(waiting).rejects.toMatchObject({ code: 'timeout', mayHaveBeenSent: false });
    for (const socket of sockets) socket.destroy();
    deaf.close();
    await client.close();
  });
});

describe('an endpoint with a path', () => {
  it('prefixes the path of every request', async () => {
    const paths: string[] = [];
    const server = await VendorServer.start({ tls: false }, ({ path }) => {
      paths.push(path);
      return OK;
    });
    const client = connectTo({ endpoint: `${server.url}/proxy/` });
    closeLater(server, client);
    await client.request(POST);
    expect(paths).toEqual(['/proxy/send']);
  });
});
