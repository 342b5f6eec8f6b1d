import type { TLSSocket } from 'node:tls';
import { Http1Transport } from './http1-transport.js';
import { Http2Transport } from './http2-transport.js';
import { faultCode, OutboundCall, type Transport } from './outbound-call.js';
import {
  OutboundFault,
  type OutboundClient,
  type OutboundRequest,
  type OutboundResponse,
} from './outbound-client.js';
import { connectTls, trusting } from './tls-connect.js';

export interface OutboundSettings {
  /** Scheme, host and port; a path is put before that of every request. */
  readonly endpoint: string;
  /** A certificate authority, as PEM, that is trusted beside the well-known ones. */
  readonly ca?: string | undefined;
}

/**
 * A client for one origin. Nothing is opened before the first request.
 *
 * `http:` speaks HTTP/1.1; `https:` speaks HTTP/2 where the server offers it and HTTP/1.1 otherwise.
 */
export function connectTo(settings: OutboundSettings): OutboundClient {
  return new OriginClient(settings);
}

class OriginClient implements OutboundClient {
  private readonly origin: URL;
  private readonly prefix: string;
  private readonly ca: string | undefined;
  /** All that were ever made; more than one where the server has changed its protocol. */
  private readonly transports = new Set<Transport>();
  private transport: Transport | undefined;
  private waiting: OutboundCall[] = [];
  private negotiating = false;
  private connectTls: () => Promise<TLSSocket>;
  private underWay = 0;
  private closed: Promise<void> | undefined;
  private onDrained: (() => void) | undefined;

  constructor({ endpoint, ca }: OutboundSettings) {
    this.origin = new URL(endpoint);
    this.prefix = this.origin.pathname.replace(/\/+$/, '');
    this.ca = ca;
    if (this.origin.protocol === 'http:') {
      this.use(new Http1Transport(this.origin));
      return;
    }
    const context = trusting(ca);
    this.connectTls = () => connectTls(this.origin, context);
  }

  request(request: OutboundRequest): Promise<OutboundResponse> {
    if (this.closed) return Promise.reject(new OutboundFault('closed', false));
    this.underWay += 1;
    const whole = this.prefix === '' ? request : { ...request, path: this.prefix + request.path };
    const call = new OutboundCall(whole, this.onSettled);
    this.send(call);
    return call.answer;
  }

  close(): Promise<void> {
    this.closed ??= this.drain();
    return this.closed;
  }

  private readonly onSettled = (): void => {
    this.underWay -= 1;
    if (this.underWay === 0) this.onDrained?.();
  };

  private async drain(): Promise<void> {
    if (this.underWay > 0) {
      await new Promise<void>((resolve) => {
        this.onDrained = resolve;
      });
    }
    await Promise.all([...this.transports].map((transport) => transport.close()));
  }

  private send(call: OutboundCall): void {
    if (call.isOver()) return;
    if (this.transport) {
      this.transport.send(call);
      return;
    }
    this.waiting.push(call);
    if (!this.negotiating) this.negotiate();
  }

  /** Opens the first connection and lets the server choose the protocol. */
  private negotiate(): void {
    this.negotiating = true;
    this.connectTls().then(
      (socket) => {
        // Everyone has given up meanwhile, and the client is closed.
        if (this.closed && this.underWay === 0) {
          socket.destroy();
          return;
        }
        this.use(this.speak(socket));
        this.forWaiting((call) => this.send(call));
      },
      (error: unknown) => this.forWaiting((call) => call.fail(faultCode(error), false)),
    );
  }

  private speak(socket: TLSSocket): Transport {
    if (socket.alpnProtocol === 'h2') {
      return new Http2Transport(
        { origin: this.origin, connect: this.connectTls, onDowngrade: (calls) => this.startOver(calls) },
        socket,
      );
    }
    socket.destroy();
    return new Http1Transport(this.origin, trusting(this.ca));
  }

  private startOver(calls: readonly OutboundCall[]): void {
    this.transport = undefined;
    for (const call of calls) this.send(call);
  }

  private use(transport: Transport): void {
    this.transports.add(transport);
    this.transport = transport;
  }

  private forWaiting(act: (call: OutboundCall) => void): void {
    const calls = this.waiting;
    this.waiting = [];
    this.negotiating = false;
    for (const call of calls) act(call);
  }
}
