import { readFileSync } from 'node:fs';
import http from 'node:http';
import http2, { type Http2Session, type ServerHttp2Stream } from 'node:http2';
import https from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

/** The certificate authority of all local vendors. */
export const TEST_CA = fixture('ca.pem');

/** The highest possible stream id. */
const ANY_STREAM = 2 ** 31 - 1;
/** Delay between the two steps of a graceful shutdown. */
const GRACE_MS = 50;

export interface VendorRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The raw body. */
  readonly bytes: Buffer;
  /** The HTTP/2 connection of the request. */
  readonly session: Http2Session | undefined;
}

export interface VendorReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * An answer, or one of these behaviours: `hang` never answers, `reset` drops the connection, `reset_stream` ends the
 * stream with INTERNAL_ERROR, `refuse_stream` with REFUSED_STREAM. Over HTTP/1.1 the last three are the same.
 */
export type VendorAnswer = VendorReply | 'hang' | 'reset' | 'reset_stream' | 'refuse_stream';

export interface VendorServerOptions {
  /** Default: true. */
  readonly tls?: boolean;
  /** Default: HTTP/2 with a fallback to HTTP/1.1; `only`: no fallback. */
  readonly http2?: boolean | 'only';
  readonly certificate?: 'server' | 'expired';
  /** Concurrent streams per HTTP/2 connection. */
  readonly maxConcurrentStreams?: number;
  /** Delay of each answer, in ms. */
  readonly latencyMs?: number;
  /** Default: any free port. */
  readonly port?: number;
}

/** A vendor on the loopback interface. */
export class VendorServer {
  /** Connections accepted so far. */
  connections = 0;
  /** Maximum number of concurrent requests. */
  peak = 0;
  /** Number of complete requests, whatever the answer. */
  requests = 0;
  private underWay = 0;
  private readonly sockets = new Set<Socket>();
  private readonly sessions = new Set<Http2Session>();

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  /** The authority to trust; undefined without TLS. */
  get ca(): string | undefined {
    return this.url.startsWith('https:') ? TEST_CA : undefined;
  }

  /** Connections that are open. */
  get open(): number {
    return this.sockets.size;
  }

  static async start(
    options: VendorServerOptions,
    handle: (request: VendorRequest) => VendorAnswer | Promise<VendorAnswer>,
  ): Promise<VendorServer> {
    const server = makeServer(options);
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const scheme = options.tls === false ? 'http' : 'https';
    const vendor = new VendorServer(`${scheme}://127.0.0.1:${port}`, server);
    vendor.listen(options, handle);
    return vendor;
  }

  /**
   * Sends GOAWAY to every HTTP/2 client.
   *
   * @param lastStreamId the last stream that is processed; unset: a graceful shutdown, which first permits all streams and
   * names the last one a moment later.
   */
  goaway(code: number = http2.constants.NGHTTP2_NO_ERROR, lastStreamId?: number): void {
    for (const session of this.sessions) {
      session.goaway(code, lastStreamId ?? ANY_STREAM);
      // Node's server silently ignores streams that arrive in between; the second GOAWAY informs the client.
      if (lastStreamId === undefined)
        setTimeout(() => session.destroyed || session.goaway(code), GRACE_MS).unref();
    }
  }

  /** Drops all connections abruptly. */
  dropConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const session of this.sessions) session.destroy();
    this.dropConnections();
    await closed;
  }

  private listen(
    options: VendorServerOptions,
    handle: (request: VendorRequest) => VendorAnswer | Promise<VendorAnswer>,
  ): void {
    this.server.on('connection', (socket: Socket) => {
      this.connections += 1;
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.server.on('session', (session: Http2Session) => {
      this.sessions.add(session);
      session.on('error', () => undefined);
      session.on('close', () => this.sessions.delete(session));
    });
    this.server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      this.answer(request, response, options.latencyMs ?? 0, handle).catch(() => response.destroy());
    });
  }

  private async answer(
    request: http.IncomingMessage & { stream?: ServerHttp2Stream },
    response: http.ServerResponse,
    latencyMs: number,
    handle: (request: VendorRequest) => VendorAnswer | Promise<VendorAnswer>,
  ): Promise<void> {
    this.underWay += 1;
    this.peak = Math.max(this.peak, this.underWay);
    response.on('close', () => (this.underWay -= 1));
    request.on('error', () => undefined);
    request.stream?.on('error', () => undefined);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.requests += 1;
    const { method = '', url: path = '', headers } = request;
    const bytes = Buffer.concat(chunks);
    const session = request.stream?.session;
    const answer = await handle({ method, path, headers, body: bytes.toString(), bytes, session });
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    if (answer === 'hang') return;
    if (answer === 'reset') request.socket.destroy();
    else if (typeof answer === 'string') refuse(request, answer);
    else response.writeHead(answer.status, { ...answer.headers }).end(answer.body ?? '');
  }
}

function makeServer({
  tls,
  http2: offered,
  certificate = 'server',
  maxConcurrentStreams,
}: VendorServerOptions): Server {
  if (tls === false) return http.createServer();
  const identity = { key: fixture('server.key'), cert: fixture(`${certificate}.pem`) };
  if (offered === false) return https.createServer(identity);
  const settings = maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams };
  return http2.createSecureServer({ ...identity, allowHTTP1: offered !== 'only', settings });
}

function refuse(
  request: http.IncomingMessage & { stream?: ServerHttp2Stream },
  how: 'reset_stream' | 'refuse_stream',
): void {
  const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM } = http2.constants;
  if (request.stream)
    request.stream.close(how === 'reset_stream' ? NGHTTP2_INTERNAL_ERROR : NGHTTP2_REFUSED_STREAM);
  else request.socket.destroy();
}
