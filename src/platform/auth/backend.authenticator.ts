import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ApiKeySettings } from '../config/api-key-settings.js';
import type { AppSettings } from '../config/app-settings.js';
import { HASHED_KEY } from '../config/credential-forms.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { GatewayError } from '../errors/gateway-error.js';
import { toMoment } from '../http/moment.decorator.js';
import type { Caller } from './access.js';
import { headerOf } from './header.js';
import { digest, matches } from './digest.js';
import type { RequestAuthenticator } from './request-authenticator.js';
import { SCOPES, type Scope } from './scope.js';
import { WrongCredentials } from './wrong-credentials.js';

interface ApiKey {
  readonly app: AppSettings;
  /** Shown in place of the key. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** undefined: never. */
  readonly expiresAt: Date | undefined;
}

/** Authenticates an app's backend by the API key in the `apikey` header. Keys are stored as hashes. */
@Injectable()
export class BackendAuthenticator implements RequestAuthenticator {
  private readonly hashes: Buffer[] = [];
  private readonly keys: ApiKey[] = [];

  constructor(
    config: GatewayConfig,
    private readonly wrong: WrongCredentials,
  ) {
    for (const app of config.apps) {
      for (const [index, key] of app.clients.apiKeys.entries()) {
        const text = typeof key === 'string' ? key : (key.keyHash ?? key.key ?? '');
        const hex = HASHED_KEY.exec(text)?.[1];
        this.hashes.push(hex === undefined ? digest(text) : Buffer.from(hex, 'hex'));
        this.keys.push({ app, ...describe(key, `API key ${index + 1}`) });
      }
    }
  }

  authenticate(request: FastifyRequest): Caller {
    const given = headerOf(request, 'apikey');
    if (given === undefined) throw new GatewayError('AUTH.REQUIRED');
    const known = matches(digest(given), this.hashes).flatMap((index) => this.keys[index] ?? []);
    if (known.length === 0)
      throw this.wrong.count(request, 'api_key', given, new GatewayError('AUTH.INVALID'));
    const valid = known.filter(
      ({ expiresAt }) => expiresAt === undefined || expiresAt.getTime() > Date.now(),
    );
    if (valid.length === 0) throw new GatewayError('AUTH.EXPIRED');
    const app = chooseApp([...new Set(valid.map((key) => key.app))], headerOf(request, 'appid'));
    const key = valid.find((one) => one.app === app);
    return { kind: 'backend', app, credential: key?.name ?? '', scopes: key?.scopes ?? [] };
  }
}

function describe(key: string | ApiKeySettings, defaultName: string): Omit<ApiKey, 'app'> {
  if (typeof key === 'string') return { name: defaultName, scopes: SCOPES, expiresAt: undefined };
  const { name, scopes, expiresAt } = key;
  return { name, scopes, expiresAt: expiresAt === undefined ? undefined : toMoment(expiresAt) };
}

/**
 * The app of a request: named by its `appId` header, or the only one.
 *
 * @throws GatewayError `APP.REQUIRED`, `APP.UNKNOWN`
 */
export function chooseApp(apps: readonly AppSettings[], appId: string | undefined): AppSettings {
  if (appId !== undefined) {
    const named = apps.find((app) => app.appId === appId);
    if (!named) throw new GatewayError('APP.UNKNOWN');
    return named;
  }
  const [only, ...others] = apps;
  if (only === undefined || others.length > 0) throw new GatewayError('APP.REQUIRED');
  return only;
}
