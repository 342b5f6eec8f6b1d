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
  private readonly pairs: Buffer[] = [];
  private readonly appOfPair: AppSettings[] = [];
  private readonly signedOnly: readonly AppSettings[];

  constructor(
    private readonly config: GatewayConfig,
    private readonly wrong: WrongCredentials,
  ) {
    for (const app of config.apps) {
      for (const { username, password } of app.webhook.basicAuth ?? []) {
        this.pairs.push(digest(`${username}:${password}`));
        this.appOfPair.push(app);
      }
    }
    this.signedOnly = config.apps.filter((app) => app.webhook.basicAuth === undefined);
  }

  authenticate(request: FastifyRequest): Caller {
    const credentials = basicCredentials(request.headers.authorization);
    const known =
      credentials === undefined
        ? this.signedOnly
        : matches(digest(credentials), this.pairs).flatMap((index) => this.appOfPair[index] ?? []);
    if (known.length === 0) {
      const refusal = new GatewayError('WEBHOOK.UNAUTHORIZED', CHALLENGE);
      throw credentials === undefined ? refusal : this.wrong.count(request, 'webhook', credentials, refusal);
    }
    // Without credentials and signature, no body could authenticate the request.
    if (credentials === undefined && !known.some(({ webhook }) => signatureOf(request, webhook.signature))) {
      throw invalidSignature();
    }
    const username = credentials?.slice(0, credentials.indexOf(':'));
    const credential = username === undefined ? 'signature' : `Basic Auth ${username}`;
    return { kind: 'webhook', apps: [...new Set(known)], unsigned: [], credential };
  }

  inspectBody(request: FastifyRequest, body: Buffer): void {
    const { caller } = request;
    if (caller.kind !== 'webhook') return;
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
