import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../platform/logging/logger.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { CometChatApi } from '../../platform/cometchat/cometchat-api.js';
import { CometChatKeyRefused, CometChatUnavailable } from '../../platform/cometchat/cometchat-connection.js';

/** Cache time of an answer, with or without a number. */
const KNOWN_FOR_MS = 600_000;
/** Per app, about 5 MB. */
const MAX_KNOWN = 50_000;
/** Maximum concurrent requests per app, so that pushes are not planned behind a queue of them. */
const MAX_LOOKUPS = 20;
/** Any header value; CometChat's uids are narrower. */
const UID = /^[\x21-\x7e]+$/;

/** CometChat gave no answer; a later request may get one. */
export class ContactsUnavailable extends Error {
  override readonly name = 'ContactsUnavailable';

  constructor(
    readonly code: string,
    /** Minimum wait before the next request. */
    readonly retryAfterMs: number,
  ) {
    super(code);
  }
}

/** Asks CometChat for users' phone numbers, and caches the answers. */
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
   * @returns the number as CometChat stores it; undefined without one, or if the app does not ask CometChat.
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
  private readonly api: CometChatApi;
  /** Numbers by uid, empty if CometChat has none. Grows on demand; `max` would allocate 1.6 MB per app at start. */
  private readonly known = new LRUCache<string, string>({
    ttl: KNOWN_FOR_MS,
    maxSize: MAX_KNOWN,
    sizeCalculation: () => 1,
  });
  /** Concurrent lookups of one uid share one request. */
  private readonly lookups = new Map<string, Promise<string>>();
  private pausedUntil = 0;
  private refusalIsLogged = false;

  constructor(
    private readonly app: AppSettings,
    private readonly restApiKey: string,
    private readonly backoffMs: number,
    private readonly logger: Logger,
  ) {
    this.api = new CometChatApi(app, 'api');
  }

  close(): Promise<void> {
    return this.api.close();
  }

  async numberOf(uid: string): Promise<string> {
    if (!UID.test(uid)) return '';
    const known = this.known.get(uid);
    if (known !== undefined) return known;
    const pending = this.lookups.get(uid);
    if (pending) return pending;
    const pauseMs = this.pausedUntil - performance.now();
    if (pauseMs > 0) throw new ContactsUnavailable('paused', pauseMs);
    if (this.lookups.size >= MAX_LOOKUPS) throw new ContactsUnavailable('busy', 0);
    const lookup = this.ask(uid).finally(() => this.lookups.delete(uid));
    this.lookups.set(uid, lookup);
    return lookup;
  }

  private async ask(uid: string): Promise<string> {
    const phno = await this.api.phoneNumberOf(uid, this.restApiKey).catch((error: unknown) => {
      if (error instanceof CometChatUnavailable) throw this.pause(error);
      if (!(error instanceof CometChatKeyRefused)) throw error;
      this.logRefusal(error.status);
      return '';
    });
    this.known.set(uid, phno);
    return phno;
  }

  /** Suspends lookups, so that more requests do not delay CometChat's recovery. */
  private pause({ code, retryAfterMs: pauseMs = this.backoffMs }: CometChatUnavailable): ContactsUnavailable {
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
