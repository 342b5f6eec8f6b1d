import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../platform/auth/access.js';
import { basicCredentials, digest, matches } from '../platform/auth/digest.js';
import { headerOf } from '../platform/auth/header.js';
import type { RequestAuthenticator } from '../platform/auth/request-authenticator.js';
import { WrongCredentials } from '../platform/auth/wrong-credentials.js';
import type { AppSettings, SignatureSettings } from '../platform/config/app-settings.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { GatewayError } from '../platform/errors/gateway-error.js';

const CHALLENGE = { challenge: 'Basic realm="webhooks", charset="UTF-8"' };

/**
 * Authenticates CometChat by Basic Auth, as its documentation defines it, or by a signature over the raw body, or both.
 *
 * A body without the signature that its app requires counts as a request without credentials. Correct credentials are
 * accepted however many wrong ones an address has sent: CometChat's addresses are neither fixed nor exclusive.
 */
@Injectable()
export class WebhookAuthenticator implements RequestAuthenticator {
  /** Digests of the configured `username:password` pairs, and the caller that each of them makes. */
  private readonly pairs: readonly Buffer[];
  private readonly callers: readonly WebhookCaller[];
  private readonly signedOnly: readonly AppSettings[];

  constructor(
    private readonly config: GatewayConfig,
    private readonly wrong: WrongCredentials,
  ) {
    const callers = new Map<string, WebhookCaller>();
    for (const app of config.apps) {
      for (const { username, password } of app.webhook.basicAuth ?? []) {
        const pair = `${username}:${password}`;
        const apps = callers.get(pair)?.apps ?? [];
        callers.set(pair, callerOf(apps.includes(app) ? apps : [...apps, app], `Basic Auth ${username}`));
      }
    }
    this.pairs = [...callers.keys()].map(digest);
    this.callers = [...callers.values()];
    this.signedOnly = config.apps.filter((app) => app.webhook.basicAuth === undefined);
  }

  authenticate(request: FastifyRequest): Caller {
    const credentials = basicCredentials(request.headers.authorization);
    if (credentials === undefined) return this.authenticateUnnamed(request);
    const [index = -1] = matches(digest(credentials), this.pairs);
    const caller = this.callers[index];
    if (caller) return caller;
    throw this.wrong.count(request, 'webhook', credentials, unauthorized());
  }

  /** Without credentials and signature, no body could authenticate the request. */
  private authenticateUnnamed(request: FastifyRequest): Caller {
    if (this.signedOnly.length === 0) throw unauthorized();
    if (this.signedOnly.some(({ webhook }) => signatureOf(request, webhook.signature)))
      return callerOf(this.signedOnly, 'signature');
    throw invalidSignature();
  }

  inspectBody(request: FastifyRequest, body: Buffer): void {
    const { caller } = request;
    if (caller.kind !== 'webhook') return;
    if (caller.apps.every(({ webhook }) => !webhook.signature)) return;
    const signed = caller.apps.filter(
      ({ webhook }) => !webhook.signature || isSigned(request, body, webhook.signature),
    );
    if (signed.length === 0) {
      const isGiven = caller.apps.some(
        ({ webhook }) => signatureOf(request, webhook.signature) !== undefined,
      );
      const refusal = invalidSignature();
      throw isGiven ? this.wrong.count(request, 'signature', undefined, refusal) : refusal;
    }
    const unsigned = caller.apps.filter((app) => !signed.includes(app));
    request.caller = { ...caller, apps: signed, unsigned };
  }

  /**
   * Checks that the caller's credentials belong to the app that its event names.
   *
   * @throws GatewayError `WEBHOOK.UNKNOWN_APP`, `WEBHOOK.WRONG_APP`, `WEBHOOK.INVALID_SIGNATURE`
   */
  assertMaySendFor(caller: Caller, appId: string): void {
    const isApp = (app: AppSettings): boolean => app.appId === appId;
    if (caller.kind === 'webhook') {
      if (caller.apps.some(isApp)) return;
      if (caller.unsigned.some(isApp)) throw invalidSignature();
    }
    const [code, problem] = this.config.apps.some(isApp)
      ? (['WEBHOOK.WRONG_APP', 'is not an app of these credentials'] as const)
      : (['WEBHOOK.UNKNOWN_APP', 'is not configured'] as const);
    throw new GatewayError(code, { errors: [{ path: 'appId', problem }] });
  }
}

type WebhookCaller = Extract<Caller, { kind: 'webhook' }>;

const callerOf = (apps: readonly AppSettings[], credential: string): WebhookCaller => ({
  kind: 'webhook',
  apps,
  unsigned: [],
  credential,
});

function unauthorized(): GatewayError {
  return new GatewayError('WEBHOOK.UNAUTHORIZED', CHALLENGE);
}

function invalidSignature(): GatewayError {
  return new GatewayError('WEBHOOK.INVALID_SIGNATURE', CHALLENGE);
}

function signatureOf(request: FastifyRequest, signature: SignatureSettings | undefined): string | undefined {
  return signature && headerOf(request, signature.header.toLowerCase());
}

function isSigned(request: FastifyRequest, body: Buffer, signature: SignatureSettings): boolean {
  const given = signatureOf(request, signature)?.replace(/^sha(?:256|512)=/, '');
  if (given === undefined) return false;
  const expected = createHmac(signature.algorithm, signature.secret).update(body).digest();
  const actual = Buffer.from(given, signature.encoding);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
