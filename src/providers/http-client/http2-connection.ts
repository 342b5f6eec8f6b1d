import http2, {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type Settings,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { faultCode, MAX_ANSWER_LENGTH, type HttpCall } from './http-call.js';

const {
  NGHTTP2_CANCEL,
  NGHTTP2_REFUSED_STREAM,
  NGHTTP2_NO_ERROR,
  HTTP2_HEADER_METHOD,
  HTTP2_HEADER_PATH,
  HTTP2_HEADER_STATUS,
} = http2.constants;

/** Ping timeout in milliseconds, after which a connection counts as dead. */
const PING_TIMEOUT_MS = 2_000;
/** Silence in ms, with calls waiting, after which a ping is sent. */
const QUIET_MS = 1_500;
/** Upper limit of the silence in ms; it doubles with each ping that a slow vendor answers before its calls. */
const MAX_QUIET_MS = 6_000;
/** Maximum session memory in megabytes; Node's default of 10 does not suffice for a thousand streams. */
const MAX_SESSION_MEMORY_MB = 64;

/** Error codes by number (RFC 9113, section 7). */
const ERROR_NAMES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
];

export interface Http2ConnectionEvents {
  /** A stream ended, or the server raised its limit. */
  readonly onRoom: () => void;
  /** No new calls: closed, lost, or GOAWAY received. */
  readonly onRetired: (connection: Http2Connection) => void;
  /** The server did not process this call: it may be sent again. */
  readonly onReturned: (call: HttpCall) => void;
}

export class Http2Connection {
  /** End of the last stream, by `performance.now()`. */
  idleSince = performance.now();
  private readonly session: ClientHttp2Session;
  private readonly closed: Promise<void>;
  /** SETTINGS received: `room` is the server's limit, not a guess. */
  settingsKnown = false;
  private inFlight = 0;
  /** Concurrent streams allowed by the server; one until its SETTINGS arrive. */
  private limit = 1;
  private retired = false;
  /** Last stream processed by the server, from GOAWAY. */
  private lastStreamId = Number.POSITIVE_INFINITY;
  private pinging = false;
  /** Last data received, or last time without pending calls. */
  private heardAt = performance.now();
  private quietMs = QUIET_MS;
  private watch: NodeJS.Timeout | undefined;

  constructor(
    origin: URL,
    private readonly socket: TLSSocket,
    private readonly events: Http2ConnectionEvents,
  ) {
    this.session = http2.connect(origin, {
      createConnection: () => socket,
      settings: { enablePush: false },
      maxSessionMemory: MAX_SESSION_MEMORY_MB,
    });
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    this.session.on('remoteSettings', ({ maxConcurrentStreams }: Settings) => {
      // Unset: unlimited by the protocol.
      this.limit = maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
      this.settingsKnown = true;
      this.events.onRoom();
    });
    this.session.on('goaway', (_code: number, lastStreamId: number) => {
      this.lastStreamId = lastStreamId;
      this.retire();
    });
    // Each stream gets the error as well; without this listener, it would end the process.
    this.session.on('error', () => this.retire());
    this.session.on('close', () => this.retire());
  }

  /** Number of calls that it can accept now. */
  get room(): number {
    return this.retired ? 0 : this.limit - this.inFlight;
  }

  get isIdle(): boolean {
    return this.inFlight === 0;
  }

  send(call: HttpCall): void {
    if (call.isOver()) return;
    const { method, path, headers, body } = call.request;
    let stream: ClientHttp2Stream;
    try {
      stream = this.session.request(
        { ...headers, [HTTP2_HEADER_METHOD]: method, [HTTP2_HEADER_PATH]: path },
        { endStream: body === undefined },
      );
    } catch (error) {
      // The connection is closing. Other errors, such as a forbidden header, are the caller's.
      const code = faultCode(error);
      if (/^ERR_HTTP2_(GOAWAY_SESSION|INVALID_SESSION|SESSION_ERROR)$/.test(code)) {
        this.retire();
        this.events.onReturned(call);
      } else call.fail(code, false);
      return;
    }
    call.written = true;
    if (this.inFlight === 0) this.hear();
    this.inFlight += 1;
    this.listen(stream, call);
    this.watch ??= this.watchIn(this.quietMs);
    if (body !== undefined) stream.end(body);
  }

  /** Pings the server; without a response, the connection is destroyed with all its calls. */
  ping(): void {
    if (this.pinging || this.session.destroyed) return;
    this.pinging = true;
    // After a pause of the process, timers run before the response is read; `setImmediate` lets it be read first.
    const timer = setTimeout(
      () => setImmediate(() => this.pinging && this.exceedDeadline()),
      PING_TIMEOUT_MS,
    ).unref();
    const done = (): void => {
      this.pinging = false;
      clearTimeout(timer);
    };
    try {
      this.session.ping(() => {
        done();
        this.heardAt = performance.now();
        this.quietMs = Math.min(MAX_QUIET_MS, this.quietMs * 2);
      });
    } catch {
      done(); // just closed
    }
  }

  private exceedDeadline(): void {
    this.session.destroy(Object.assign(new Error('No answer to a ping.'), { code: 'ping_timeout' }));
  }

  private hear(): void {
    this.heardAt = performance.now();
    this.quietMs = QUIET_MS;
  }

  /** Pings a silent connection; otherwise a broken one would delay each call until its timeout. */
  private watchIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.watch = undefined;
      if (this.inFlight === 0) return;
      const leftMs = this.heardAt + this.quietMs - performance.now();
      if (leftMs <= 0) this.ping();
      this.watch = this.watchIn(leftMs > 0 ? leftMs : this.quietMs);
    }, ms).unref();
  }

  /** Accepts no new calls and closes after the pending ones. */
  close(): Promise<void> {
    this.retire();
    return this.closed;
  }

  private listen(stream: ClientHttp2Stream, call: HttpCall): void {
    let headers: IncomingHttpHeaders = {};
    let body = '';
    let fault: unknown;
    call.release = (code) => {
      stream.close(NGHTTP2_CANCEL);
      // Distinguishes a slow vendor from a lost connection.
      if (code === 'timeout') this.ping();
    };
    stream.setEncoding('utf8');
    stream.on('response', (answered) => {
      this.hear();
      headers = answered;
    });
    stream.on('data', (chunk: string) => {
      this.hear();
      body += chunk;
      if (body.length <= MAX_ANSWER_LENGTH) return;
      call.fail('answer_too_large');
      stream.close(NGHTTP2_CANCEL);
    });
    stream.on('end', () => {
      const status = headers[HTTP2_HEADER_STATUS];
      if (status !== undefined) call.resolve({ status: Number(status), headers, body });
    });
    stream.on('error', (error: Error) => (fault = error));
    stream.on('close', () => {
      this.inFlight -= 1;
      if (this.inFlight === 0) this.idleSince = performance.now();
      if (!call.settled) this.lose(stream, call, fault);
      if (this.retired) this.closeSocketIfIdle();
      else this.events.onRoom();
    });
  }

  /** The stream ended without a response. */
  private lose(stream: ClientHttp2Stream, call: HttpCall, fault: unknown): void {
    const { id, rstCode } = stream;
    // Ids are assigned on writing; a connection has 2^30 of them.
    if (faultCode(fault) === 'ERR_HTTP2_OUT_OF_STREAMS') this.retire();
    const isUnprocessed = id === undefined || rstCode === NGHTTP2_REFUSED_STREAM || id > this.lastStreamId;
    if (isUnprocessed) {
      call.written = false;
      call.release = undefined;
      this.events.onReturned(call);
      return;
    }
    const code = faultCode(fault);
    if (!code.startsWith('ERR_HTTP2_') && fault !== undefined) call.fail(code);
    else call.fail((rstCode === NGHTTP2_NO_ERROR ? undefined : ERROR_NAMES[rstCode]) ?? 'connection_lost');
  }

  private retire(): void {
    if (this.retired) return;
    this.retired = true;
    if (!this.session.destroyed) this.session.close();
    this.closeSocketIfIdle();
    this.events.onRetired(this);
  }

  /** Closes the socket when idle: Node waits for the server to do it, and some never do. */
  private closeSocketIfIdle(): void {
    if (this.inFlight === 0) this.socket.destroySoon();
  }
}
