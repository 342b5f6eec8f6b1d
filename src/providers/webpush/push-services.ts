import { ProviderUnavailable } from '../../domain/outcome.js';
import type { HttpClient } from '../http-client/http-client.js';
import type { VapidAuthorization } from './vapid.js';

/** The client of a push service and its authorization. */
export interface PushService {
  readonly client: HttpClient;
  readonly authorization: VapidAuthorization;
}

/** Maximum push services connected concurrently. There are few; only Windows has many hosts, one per region. */
const MAX_SERVICES = 64;

/** Clients of push services, created on demand and shared by all sends. */
export class PushServices {
  /** Least recently used first. */
  private readonly open = new Map<string, PushService>();
  private readonly closing = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly connect: (origin: string) => PushService) {}

  /** @throws ProviderUnavailable after `close`. */
  at(origin: string): PushService {
    if (this.closed) throw new ProviderUnavailable({ vendorCode: 'closed' });
    const service = this.open.get(origin) ?? this.connect(origin);
    this.open.delete(origin);
    this.open.set(origin, service);
    const [oldest] = this.open.keys();
    if (this.open.size > MAX_SERVICES && oldest !== undefined) this.evict(oldest);
    return service;
  }

  /** Waits for pending sends, then closes the connections. */
  async close(): Promise<void> {
    this.closed = true;
    for (const origin of this.open.keys()) this.evict(origin);
    await Promise.all(this.closing);
  }

  private evict(origin: string): void {
    const closing = this.open.get(origin)?.client.close();
    this.open.delete(origin);
    if (closing === undefined) return;
    const done = closing.finally(() => this.closing.delete(done));
    this.closing.add(done);
  }
}
