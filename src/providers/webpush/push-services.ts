import { ProviderUnavailable } from '../../domain/outcome.js';
import type { HttpClient } from '../http-client/http-client.js';
import type { VapidAuthorization } from './vapid.js';

/** The connections to one push service, and our token for it. */
export interface PushService {
  readonly client: HttpClient;
  readonly authorization: VapidAuthorization;
}

/**
 * Push services that are connected to at once, at most. There are a handful; only Windows has many hosts, one for each
 * of its regions.
 */
const MAX_SERVICES = 64;

/** Connections to push services, made when they are needed, shared by all sends. */
export class PushServices {
  /** In the order in which they were last used. */
  private readonly open = new Map<string, PushService>();
  private readonly closing = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly connect: (origin: string) => PushService) {}

  /** @throws ProviderUnavailable where all are closed. */
  at(origin: string): PushService {
    if (this.closed) throw new ProviderUnavailable({ vendorCode: 'closed' });
    const service = this.open.get(origin) ?? this.connect(origin);
    this.open.delete(origin);
    this.open.set(origin, service);
    const [oldest] = this.open.keys();
    if (this.open.size > MAX_SERVICES && oldest !== undefined) this.leave(oldest);
    return service;
  }

  /** Lets what is under way finish and closes the connections. */
  async close(): Promise<void> {
    this.closed = true;
    for (const origin of this.open.keys()) this.leave(origin);
    await Promise.all(this.closing);
  }

  private leave(origin: string): void {
    const left = this.open.get(origin)?.client.close();
    this.open.delete(origin);
    if (left === undefined) return;
    const done = left.finally(() => this.closing.delete(done));
    this.closing.add(done);
  }
}
