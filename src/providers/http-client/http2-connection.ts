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

/** A connection that does not answer a ping for so long is dead, in milliseconds. */
const PING_TIMEOUT_MS = 2_000;
/** Silence in ms, with calls waiting, after which a ping is sent. */
const QUIET_MS = 1_500;
/** The same where a slow vendor has answered pings alone: each time twice as long, up to this. */
const MAX_QUIET_MS = 6_000;
/** What one connection may hold in memory, in megabytes; Node's 10 are short for a thousand streams. */
const MAX_SESSION_MEMORY_MB = 64;

/** The names of the error codes, each at its number (RFC 9113, section 7). */
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
  /** A stream has ended, or the server allows more of them. */
  readonly onRoom: () => void;
  /** It takes no new calls: closed, lost, or the server sent GOAWAY. */
  readonly onRetired: (connection: Http2Connection) => void;
  /** The server left this call untouched: it may be sent again. */
  readonly onReturned: (call: HttpCall) => void;
}

/** One HTTP/2 connection. */
export class Http2Connection {
  /** When its last stream ended, in milliseconds since the epoch. */
  idleSince = performance.now();
  private readonly session: ClientHttp2Session;
  private readonly closed: Promise<void>;
  /** Its SETTINGS have come: `room` is what the server allows, not a guess. */
  settingsKnown = false;
  private inFlight = 0;
  /** Streams that the server allows at once: one, until its SETTINGS say more. */
  private limit = 1;
  private retired = false;
  /** Streams above it were not processed: what GOAWAY says. */
  private lastStreamId = Number.POSITIVE_INFINITY;
  private pinging = false;
  /** The last sign of life, and the last moment at which nothing was under way. */
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
      // Unset: the protocol knows no limit then.
      this.limit = maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
      this.settingsKnown = true;
      this.events.onRoom();
    });
    this.session.on('goaway', (_code: number, lastStreamId: number) => {
      this.lastStreamId = lastStreamId;
      this.retire();
    });
    // Each stream is told as well; without a listener here the error would end the process.
    this.session.on('error', () => this.retire());
    this.session.on('close', () => this.retire());
  }

  /** Calls that it could take on now. */
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
      // The connection is going away. A header that HTTP/2 forbids is the caller's fault.
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

  /** Asks whether the other side still lives; if not, the connection and all that is on it is given up. */
  ping(): void {
    if (this.pinging || this.session.destroyed) return;
    this.pinging = true;
    // A process that was paused hears of its timers before it hears of the answer.
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
      done(); // it has just closed
    }
  }

  private exceedDeadline(): void {
    this.session.destroy(Object.assign(new Error('No answer to a ping.'), { code: 'ping_timeout' }));
  }

  private hear(): void {
    this.heardAt = performance.now();
    this.quietMs = QUIET_MS;
  }

  /** A line that is cut in silence would hold each call up for all of its time. */
  private watchIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.watch = undefined;
      if (this.inFlight === 0) return;
      const leftMs = this.heardAt + this.quietMs - performance.now();
      if (leftMs <= 0) this.ping();
      this.watch = this.watchIn(leftMs > 0 ? leftMs : this.quietMs);
    }, ms).unref();
  }

  /** Takes no new calls and closes when those under way have ended. */
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
      // Nothing came in time: is it the vendor that is slow, or the connection that is gone?
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
      if (this.retired) this.hangUpIfIdle();
      else this.events.onRoom();
    });
  }

  /** The stream ended without an answer. */
  private lose(stream: ClientHttp2Stream, call: HttpCall, fault: unknown): void {
    const { id, rstCode } = stream;
    // A stream gets its number when it is written: 2^30 of them are all that a connection has.
    if (faultCode(fault) === 'ERR_HTTP2_OUT_OF_STREAMS') this.retire();
    const untouched = id === undefined || rstCode === NGHTTP2_REFUSED_STREAM || id > this.lastStreamId;
    if (untouched) {
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
    this.hangUpIfIdle();
    this.events.onRetired(this);
  }

  /** Node leaves it to the other side to close the socket; some never do. */
  private hangUpIfIdle(): void {
    if (this.inFlight === 0) this.socket.destroySoon();
  }
}
