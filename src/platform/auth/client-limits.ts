import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { AppSettings } from '../config/app-settings.js';
import { GatewayError } from '../errors/gateway-error.js';
import { networkOf } from '../http/client-network.js';

const WINDOW_MS = 60_000;
/** Maximum users and addresses per process. The least recently seen are evicted. */
const MAX_KEYS = 50_000;

interface Window {
  readonly until: number;
  requests: number;
}

/** Counts client requests per user and address in windows of a minute, separately in each process. */
@Injectable()
export class ClientLimits {
  private readonly windows = {
    user: new LRUCache<string, Window>({ ttl: WINDOW_MS, max: MAX_KEYS }),
    address: new LRUCache<string, Window>({ ttl: WINDOW_MS, max: MAX_KEYS }),
  };

  /** @throws GatewayError `CLIENT.TOO_MANY_REQUESTS` */
  countAddress(request: FastifyRequest, { appId, clients }: AppSettings): void {
    this.count('address', `${appId} ${networkOf(request)}`, clients.limits.perAddressPerMinute);
  }

  /** @throws GatewayError `CLIENT.TOO_MANY_REQUESTS` */
  countUser({ appId, clients }: AppSettings, uid: string): void {
    this.count('user', `${appId} ${uid}`, clients.limits.perUserPerMinute);
  }

  private count(kind: 'user' | 'address', key: string, limit: number): void {
    const windows = this.windows[kind];
    const window = windows.get(key) ?? { until: performance.now() + WINDOW_MS, requests: 0 };
    if (window.requests === 0) windows.set(key, window);
    if (window.requests >= limit) {
      const retryAfterSeconds = Math.max(1, Math.ceil((window.until - performance.now()) / 1_000));
      throw new GatewayError('CLIENT.TOO_MANY_REQUESTS', { retryAfterSeconds });
    }
    window.requests += 1;
  }
}
