import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../logging/logger.js';
import type { AppSettings } from '../config/app-settings.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { GatewayError } from '../errors/gateway-error.js';
import { LOGGER } from '../logging/logging.module.js';
import { CometChatApi } from '../cometchat/cometchat-api.js';
import { CometChatUnavailable } from '../cometchat/cometchat-connection.js';
import { digest } from './digest.js';
import { OutsideService } from './outside-service.js';

/** Cache time of a valid token; logouts are not announced. */
const GOOD_FOR_MS = 300_000;
/** The same while CometChat is unavailable. */
const GOOD_WHILE_AWAY_MS = 3_600_000;
/** Time in ms after a failure in which cached tokens are used without asking again. */
const PAUSE_MS = 2_000;
/** Cache time of a refusal; short, because CometChat may learn of the token right after. */
const WRONG_FOR_MS = 30_000;
/** Per app, about 10 MB; refusals are cached separately, so that guessing never evicts valid tokens. */
const MAX_GOOD = 50_000;
const MAX_WRONG = 10_000;
/** Maximum concurrent requests to CometChat per app; a flood of guesses is refused above it. */
const MAX_LOOKUPS = 100;
/** Any header value; documented tokens look like `<uid>_<hex>`. */
const AUTH_TOKEN = /^[\x21-\x7e]{1,4096}$/;

/** Resolves CometChat auth tokens to users. Answers are cached under the token's hash; the token is not stored. */
@Injectable()
export class CometChatTokens implements OnApplicationShutdown {
  private readonly apps = new Map<AppSettings, AppTokens>();

  constructor(config: GatewayConfig, @Inject(LOGGER) logger: Logger) {
    for (const app of config.apps) {
      if (app.clients.cometchatAuthToken) this.apps.set(app, new AppTokens(app, logger));
    }
  }

  isAllowedFor(app: AppSettings): boolean {
    return this.apps.has(app);
  }

  /**
   * @param mayAsk called before CometChat is asked; throws to prevent it.
   * @returns the uid as CometChat writes it; undefined for an invalid token.
   * @throws GatewayError `SERVICE.UNAVAILABLE` if CometChat gave no answer.
   */
  async uidOf(app: AppSettings, authToken: string, mayAsk: () => void): Promise<string | undefined> {
    return (await this.apps.get(app)?.uidOf(authToken, mayAsk)) ?? undefined;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.apps.values()].map((app) => app.close()));
  }
}

/** Allocates on demand: with `max`, the caches of every app would take 3.5 MB at start. */
const growingCache = <V extends string | true>(ttl: number, maxSize: number): LRUCache<string, V> =>
  new LRUCache({ ttl, maxSize, sizeCalculation: () => 1 });

class AppTokens {
  private readonly api: CometChatApi;
  private readonly good = growingCache<string>(GOOD_FOR_MS, MAX_GOOD);
  /** The same while CometChat is unavailable. */
  private readonly lastKnown = growingCache<string>(GOOD_WHILE_AWAY_MS, MAX_GOOD);
  private failedAt = -Infinity;
  private readonly service: OutsideService;
  private readonly wrong = growingCache<true>(WRONG_FOR_MS, MAX_WRONG);
  /** Concurrent lookups of one token share one request. */
  private readonly lookups = new Map<string, Promise<string | null>>();

  constructor(app: AppSettings, logger: Logger) {
    this.service = new OutsideService(logger, 'cometchat', app.appId);
    this.api = new CometChatApi(app, 'apiclient');
  }

  close(): Promise<void> {
    return this.api.close();
  }

  async uidOf(authToken: string, mayAsk: () => void): Promise<string | null> {
    if (!AUTH_TOKEN.test(authToken)) return null;
    const key = digest(authToken).toString('base64url');
    const known = this.good.get(key);
    if (known !== undefined) return known;
    if (this.wrong.get(key)) return null;
    const lastKnown = this.lastKnown.get(key);
    if (lastKnown !== undefined && performance.now() - this.failedAt < PAUSE_MS) return lastKnown;
    const pending = this.lookups.get(key);
    if (pending) return pending;
    mayAsk();
    if (this.lookups.size >= MAX_LOOKUPS) throw tooManyLookups();
    const lookup = this.ask(authToken, key)
      .catch((error: unknown) => {
        this.failedAt = performance.now();
        if (lastKnown === undefined) throw error;
        return lastKnown;
      })
      .finally(() => this.lookups.delete(key));
    this.lookups.set(key, lookup);
    return lookup;
  }

  private async ask(authToken: string, key: string): Promise<string | null> {
    const uid = await this.api.uidOf(authToken).catch((error: unknown) => {
      const retryAfterMs = error instanceof CometChatUnavailable ? error.retryAfterMs : undefined;
      throw this.service.failed(error, retryAfterMs && Math.ceil(retryAfterMs / 1_000));
    });
    this.service.answered();
    if (uid === null) {
      this.wrong.set(key, true);
      this.lastKnown.delete(key);
    } else {
      this.good.set(key, uid);
      this.lastKnown.set(key, uid);
    }
    return uid;
  }
}

function tooManyLookups(): GatewayError {
  const cause = new Error('too many concurrent requests to CometChat');
  return new GatewayError('SERVICE.UNAVAILABLE', { cause, retryAfterSeconds: 5 });
}
