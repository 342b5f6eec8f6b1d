import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../logging/logger.js';
import type { AppSettings } from '../config/app-settings.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { GatewayError } from '../errors/gateway-error.js';
import { LOGGER } from '../logging/logging.module.js';
import { connectTo } from '../../providers/http-client/connect-to.js';
import type { HttpClient, HttpResponse } from '../../providers/http-client/http-client.js';
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
const MAX_QUESTIONS = 100;
const MAX_RETRY_AFTER_S = 60;
/** Any header value; documented tokens look like `<uid>_<hex>`. */
const AUTH_TOKEN = /^[\x21-\x7e]{1,4096}$/;
const WRONG_TOKEN = /^AUTH_ERR_.*AUTH_TOKEN/;

/**
 * Resolves a CometChat auth token to its user, as CometChat's SDK does: `GET /v3.0/me` of the app's client API,
 * with the headers `appId` and `authToken`. The answer is `{"data":{"uid",…}}`, or
 * `{"error":{"code":"AUTH_ERR_AUTH_TOKEN_NOT_FOUND",…}}` whose message repeats the token, so that no answer is logged.
 *
 * Answers are cached under the token's hash; the token is not stored.
 */
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
  private readonly client: HttpClient;
  private readonly good = growingCache<string>(GOOD_FOR_MS, MAX_GOOD);
  /** The same while CometChat is unavailable. */
  private readonly lastKnown = growingCache<string>(GOOD_WHILE_AWAY_MS, MAX_GOOD);
  private failedAt = -Infinity;
  private readonly service: OutsideService;
  private readonly wrong = growingCache<true>(WRONG_FOR_MS, MAX_WRONG);
  /** Concurrent lookups of one token share one request. */
  private readonly questions = new Map<string, Promise<string | null>>();

  constructor(
    private readonly app: AppSettings,
    logger: Logger,
  ) {
    this.service = new OutsideService(logger, 'cometchat', app.appId);
    const { appId, region, cometchat } = app;
    this.client = connectTo({
      endpoint: cometchat.apiEndpoint ?? `https://${appId}.apiclient-${region}.cometchat.io`,
      ca: cometchat.ca,
    });
  }

  close(): Promise<void> {
    return this.client.close();
  }

  async uidOf(authToken: string, mayAsk: () => void): Promise<string | null> {
    if (!AUTH_TOKEN.test(authToken)) return null;
    const key = digest(authToken).toString('base64url');
    const known = this.good.get(key);
    if (known !== undefined) return known;
    if (this.wrong.get(key)) return null;
    const lastKnown = this.lastKnown.get(key);
    if (lastKnown !== undefined && performance.now() - this.failedAt < PAUSE_MS) return lastKnown;
    const asked = this.questions.get(key);
    if (asked) return asked;
    mayAsk();
    if (this.questions.size >= MAX_QUESTIONS) throw tooManyQuestions();
    const question = this.ask(authToken, key)
      .catch((error: unknown) => {
        this.failedAt = performance.now();
        if (lastKnown === undefined) throw error;
        return lastKnown;
      })
      .finally(() => this.questions.delete(key));
    this.questions.set(key, question);
    return question;
  }

  private async ask(authToken: string, key: string): Promise<string | null> {
    const response = await this.client
      .request({
        method: 'GET',
        path: '/v3.0/me',
        headers: { accept: 'application/json', appid: this.app.appId, authtoken: authToken },
        timeoutMs: this.app.cometchat.requestTimeoutMs,
      })
      .catch((error: unknown) => {
        throw this.service.failed(error);
      });
    const uid = readAnswer(response);
    if (uid === undefined) throw this.unreadable(response);
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

  private unreadable({ status, headers }: HttpResponse): GatewayError {
    const askedFor = Number(headers['retry-after']);
    return this.service.failed(
      new Error(`CometChat answered ${status}`),
      askedFor >= 1 ? Math.min(Math.ceil(askedFor), MAX_RETRY_AFTER_S) : undefined,
    );
  }
}

/** @returns the uid; null if CometChat refuses the token; undefined without an answer. */
function readAnswer({ status, body }: HttpResponse): string | null | undefined {
  const answer = parse(body);
  const uid = field(field(answer, 'data'), 'uid');
  if (status === 200 && typeof uid === 'string' && uid !== '') return uid;
  const code = field(field(answer, 'error'), 'code');
  // Only CometChat's own error code counts: a bare 401 or 403 may come from a proxy.
  if (typeof code === 'string' && (status === 401 || WRONG_TOKEN.test(code))) return null;
  return undefined;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function tooManyQuestions(): GatewayError {
  const cause = new Error('too many questions to CometChat at once');
  return new GatewayError('SERVICE.UNAVAILABLE', { cause, retryAfterSeconds: 5 });
}
