import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../platform/logging/logger.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { connectTo } from '../../providers/http-client/connect-to.js';
import { HttpFault, type HttpClient, type HttpResponse } from '../../providers/http-client/http-client.js';

/** How long an answer stands, be it a number or that there is none. */
const KNOWN_FOR_MS = 600_000;
/** For each app, about 5 MB. */
const MAX_KNOWN = 50_000;
/** Questions of one app under way at once: whoever plans a push must not stand in line behind them. */
const MAX_QUESTIONS = 20;
/** After a failure nobody asks for one backoff, unless CometChat names a time up to this. */
const MAX_PAUSE_MS = 60_000;
/** What a header takes; CometChat's own uids are narrower. */
const UID = /^[\x21-\x7e]+$/;

/** CometChat did not say, and may do so later. */
export class ContactsUnavailable extends Error {
  override readonly name = 'ContactsUnavailable';

  constructor(
    readonly code: string,
    /** Sooner there is no point in asking again. */
    readonly retryAfterMs: number,
  ) {
    super(code);
  }
}

/**
 * Asks CometChat for the number that it keeps for a person: `GET /v3/notifications/v1/contact-details` of the app's
 * REST API, with the headers `apikey` and `onBehalfOf`; `{"data":{"email":"…","phno":"+919591128691"}}`.
 * https://www.cometchat.com/docs/rest-api/notifications-apis/push/update-contact-details
 */
@Injectable()
export class CometChatContacts implements OnApplicationShutdown {
  private readonly apps = new Map<AppSettings, AppContacts>();

  constructor(config: GatewayConfig, @Inject(LOGGER) logger: Logger) {
    for (const app of config.apps) {
      const { restApiKey } = app.cometchat;
      if (app.sms.askCometChatForNumbers && restApiKey) {
        this.apps.set(app, new AppContacts(app, restApiKey, config.delivery.backoffMs, logger));
      }
    }
  }

  /**
   * @returns the number as CometChat has it; undefined where it has none, or the app does not want it asked.
   * @throws ContactsUnavailable
   */
  async numberOf(app: AppSettings, uid: string): Promise<string | undefined> {
    return (await this.apps.get(app)?.numberOf(uid)) || undefined;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.apps.values()].map((app) => app.close()));
  }
}

class AppContacts {
  private readonly client: HttpClient;
  /** By uid; empty: CometChat has none. `maxSize` grows on demand; `max` would allocate 1.6 MB for each app at start. */
  private readonly known = new LRUCache<string, string>({
    ttl: KNOWN_FOR_MS,
    maxSize: MAX_KNOWN,
    sizeCalculation: () => 1,
  });
  /** However many wait for one person's number, it is asked for once. */
  private readonly questions = new Map<string, Promise<string>>();
  private pausedUntil = 0;
  private refusalIsLogged = false;

  constructor(
    private readonly app: AppSettings,
    private readonly restApiKey: string,
    private readonly backoffMs: number,
    private readonly logger: Logger,
  ) {
    const { appId, region, cometchat } = app;
    this.client = connectTo({
      endpoint: cometchat.apiEndpoint ?? `https://${appId}.api-${region}.cometchat.io`,
      ca: cometchat.ca,
    });
  }

  close(): Promise<void> {
    return this.client.close();
  }

  async numberOf(uid: string): Promise<string> {
    if (!UID.test(uid)) return '';
    const known = this.known.get(uid);
    if (known !== undefined) return known;
    const asked = this.questions.get(uid);
    if (asked) return asked;
    const pauseMs = this.pausedUntil - performance.now();
    if (pauseMs > 0) throw new ContactsUnavailable('paused', pauseMs);
    if (this.questions.size >= MAX_QUESTIONS) throw new ContactsUnavailable('busy', 0);
    const question = this.ask(uid).finally(() => this.questions.delete(uid));
    this.questions.set(uid, question);
    return question;
  }

  private async ask(uid: string): Promise<string> {
    const response = await this.client
      .request({
        method: 'GET',
        path: '/v3/notifications/v1/contact-details',
        headers: { accept: 'application/json', apikey: this.restApiKey, onbehalfof: uid },
        timeoutMs: this.app.cometchat.requestTimeoutMs,
      })
      .catch((error: unknown) => {
        throw this.pause(error instanceof HttpFault ? error.code : 'no_answer');
      });
    const phno = this.read(response);
    this.known.set(uid, phno);
    return phno;
  }

  private read({ status, headers, body }: HttpResponse): string {
    const answer = parse(body);
    if (status === 200 && answer !== undefined) {
      const { data } = answer;
      const phno = field(Array.isArray(data) ? (data[0] as unknown) : data, 'phno');
      return typeof phno === 'string' ? phno.trim() : '';
    }
    // Only CometChat's own word counts: another 404 may come from whatever stands between.
    if (status === 404 && field(answer, 'error') !== undefined) return '';
    if (status === 401 || status === 403) {
      this.logRefusal(status);
      return '';
    }
    throw this.pause(`http_${status}`, Number(headers['retry-after']) * 1_000);
  }

  /** Nobody asks for a while: a service in trouble is not helped by more questions. */
  private pause(code: string, askedForMs = NaN): ContactsUnavailable {
    const pauseMs = askedForMs > 0 ? Math.min(askedForMs, MAX_PAUSE_MS) : this.backoffMs;
    this.pausedUntil = performance.now() + pauseMs;
    this.logger.warn({ appId: this.app.appId, code, pauseMs }, 'contacts.unavailable');
    return new ContactsUnavailable(code, pauseMs);
  }

  private logRefusal(status: number): void {
    if (this.refusalIsLogged) return;
    this.refusalIsLogged = true;
    this.logger.error({ appId: this.app.appId, status }, 'contacts.refused');
  }
}

function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
