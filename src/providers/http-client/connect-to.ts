import { Http1Transport } from './http1-transport.js';
import { Http2Transport } from './http2-transport.js';
import { HttpCall, type Transport } from './http-call.js';
import { HttpFault, type HttpClient, type HttpRequest, type HttpResponse } from './http-client.js';
import { trusting } from './tls-connect.js';

export interface HttpClientSettings {
  /** Scheme, host and port; a path is prepended to every request path. */
  readonly endpoint: string;
  /** Additional trusted certificate authority, as PEM. */
  readonly ca?: string | undefined;
  /** The protocol over TLS; unset: HTTP/1.1. Without TLS it is always HTTP/1.1. */
  readonly protocol?: 'http/1.1' | 'h2';
}

/** Creates a client for an origin. Connections are opened by the first request. */
export function connectTo({ endpoint, ca, protocol }: HttpClientSettings): HttpClient {
  const origin = new URL(endpoint);
  const pathPrefix = origin.pathname.replace(/\/+$/, '');
  return new OriginClient(transportTo(origin, ca, protocol), pathPrefix);
}

function transportTo(
  origin: URL,
  ca: string | undefined,
  protocol: HttpClientSettings['protocol'],
): Transport {
  if (origin.protocol === 'http:') return new Http1Transport(origin);
  return protocol === 'h2'
    ? new Http2Transport(origin, trusting(ca))
    : new Http1Transport(origin, trusting(ca));
}

class OriginClient implements HttpClient {
  private pendingCount = 0;
  private closed: Promise<void> | undefined;
  private onDrained: (() => void) | undefined;

  constructor(
    private readonly transport: Transport,
    private readonly pathPrefix: string,
  ) {}

  request(request: HttpRequest): Promise<HttpResponse> {
    if (this.closed) return Promise.reject(new HttpFault('closed', false));
    this.pendingCount += 1;
    const prefixed = this.pathPrefix === '' ? request : { ...request, path: this.pathPrefix + request.path };
    const call = new HttpCall(prefixed, this.onSettled);
    if (!call.isOver()) this.transport.send(call);
    return call.answer;
  }

  close(): Promise<void> {
    this.closed ??= this.drain();
    return this.closed;
  }

  private readonly onSettled = (): void => {
    this.pendingCount -= 1;
    if (this.pendingCount === 0) this.onDrained?.();
  };

  private async drain(): Promise<void> {
    if (this.pendingCount > 0) {
      await new Promise<void>((resolve) => {
        this.onDrained = resolve;
      });
    }
    await this.transport.close();
  }
}
