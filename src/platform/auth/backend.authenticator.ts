import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AppSettings } from '../config/app-settings.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { Caller } from './access.js';
import { headerOf } from './header.js';
import { digest, matches } from './digest.js';
import type { RequestAuthenticator } from './request-authenticator.js';
import { WrongCredentials } from './wrong-credentials.js';

const HASHED = /^sha256:([0-9a-f]{64})$/i;

/** Authenticates an app's backend by the API key in the `apikey` header. Keys are stored as hashes. */
@Injectable()
export class BackendAuthenticator implements RequestAuthenticator {
  private readonly hashes: Buffer[] = [];
  private readonly apps: AppSettings[] = [];
  private readonly names: string[] = [];

  constructor(
    config: GatewayConfig,
    private readonly wrong: WrongCredentials,
  ) {
    for (const app of config.apps) {
      for (const [index, key] of app.clients.apiKeys.entries()) {
        const hex = HASHED.exec(key)?.[1];
        this.hashes.push(hex === undefined ? digest(key) : Buffer.from(hex, 'hex'));
        this.apps.push(app);
        this.names.push(`API key ${index + 1}`);
      }
    }
  }

  authenticate(request: FastifyRequest): Caller {
    const key = headerOf(request, 'apikey');
    if (key === undefined) throw new GatewayError('AUTH.REQUIRED');
    const known = matches(digest(key), this.hashes);
    const apps = [...new Set(known.flatMap((index) => this.apps[index] ?? []))];
    if (apps.length === 0) throw this.wrong.count(request, 'api_key', key, new GatewayError('AUTH.INVALID'));
    const app = chooseApp(apps, headerOf(request, 'appid'));
    const credential = known.find((index) => this.apps[index] === app);
    return { kind: 'backend', app, credential: this.names[credential ?? -1] ?? '' };
  }
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
