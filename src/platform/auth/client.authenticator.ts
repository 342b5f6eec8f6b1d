import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { Logger } from '../logging/logger.js';
import type { AppSettings, JwtSettings } from '../config/app-settings.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { GatewayError } from '../errors/gateway-error.js';
import { LOGGER } from '../logging/logging.module.js';
import type { Caller } from './access.js';
import { chooseApp } from './backend.authenticator.js';
import { ClientLimits } from './client-limits.js';
import { CometChatTokens } from './cometchat-tokens.js';
import { headerOf } from './header.js';
import { RemoteKeys } from './remote-keys.js';
import type { RequestAuthenticator } from './request-authenticator.js';
import { sessionOfAuthToken } from './session-id.js';
import { WrongCredentials } from './wrong-credentials.js';

const CLOCK_SKEW_S = 60;
/** The configured key determines the signature algorithms, never the token. */
const SHARED_SECRET_ALGORITHMS = ['HS256'];
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'];
/** Normalized like every uid: 1 to 100 characters, no white space, no control characters. */
const UID = /^[^\s\p{Cc}\p{Cs}]{1,100}$/u;

type Client = Extract<Caller, { kind: 'client' }>;
type Verify = (token: string) => Promise<JWTPayload>;

/**
 * Authenticates an app's client by the JSON Web Token in `Authorization: Bearer` or, if the app allows it, by the
 * CometChat auth token in `authToken`. With both, the JSON Web Token decides.
 */
@Injectable()
export class ClientAuthenticator implements RequestAuthenticator {
  private readonly verifiers = new Map<AppSettings, Verify>();

  constructor(
    private readonly config: GatewayConfig,
    private readonly authTokens: CometChatTokens,
    private readonly limits: ClientLimits,
    private readonly wrong: WrongCredentials,
    @Inject(LOGGER) logger: Logger,
  ) {
    for (const app of config.apps) {
      if (app.clients.jwt) this.verifiers.set(app, verifier(app.clients.jwt, app.appId, logger));
    }
  }

  async authenticate(request: FastifyRequest): Promise<Caller> {
    const jwt = /^Bearer +(\S+) *$/i.exec(headerOf(request, 'authorization') ?? '')?.[1];
    const authToken = headerOf(request, 'authtoken');
    if (jwt === undefined && authToken === undefined)
      throw new GatewayError('AUTH.REQUIRED', { challenge: 'Bearer' });
    const app = chooseApp(this.config.apps, headerOf(request, 'appid'));
    // Before the credential is checked, which costs more than a refusal.
    this.limits.countAddress(request, app);
    const client = await (jwt === undefined
      ? this.byAuthToken(request, app, authToken ?? '')
      : this.byJwt(request, app, jwt));
    this.limits.countUser(app, client.uid);
    return client;
  }

  private async byJwt(request: FastifyRequest, app: AppSettings, token: string): Promise<Client> {
    const verify = this.verifiers.get(app);
    if (!app.clients.jwt || !verify) throw refused('JSON Web Tokens are not configured for this app');

    const claims = await verify(token).catch((error: unknown) => {
      if (error instanceof GatewayError) throw error;
      const refusal = refused(describe(error));
      // Claims are checked after the signature: an expired token is not a guess.
      if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed)
        throw refusal;
      throw this.wrong.count(request, 'jwt', token, refusal);
    });
    const uid = foldUid(textOf(claims[app.clients.jwt.uidClaim]) ?? '');
    if (!UID.test(uid)) throw refused(`has no usable uid in its claim ${app.clients.jwt.uidClaim}`);
    const sessionId = textOf(claims[app.clients.jwt.sessionClaim]) || null;
    return { kind: 'client', app, uid, sessionId };
  }

  private async byAuthToken(request: FastifyRequest, app: AppSettings, token: string): Promise<Client> {
    const at = 'authToken';
    if (!this.authTokens.isAllowedFor(app))
      throw refused('CometChat auth tokens are not allowed for this app', at);
    const mayAsk = (): void => this.wrong.stopGuessing(request, 'auth_token');
    const uid = foldUid((await this.authTokens.uidOf(app, token, mayAsk)) ?? '');
    if (!UID.test(uid)) {
      const refusal = refused('CometChat does not know the token', at);
      throw this.wrong.count(request, 'auth_token', token, refusal);
    }
    return { kind: 'client', app, uid, sessionId: sessionOfAuthToken(token) };
  }
}

/** `A` to `Z` only: other Unicode letters also lower-case to `a` to `z`. */
function foldUid(uid: string): string {
  return uid.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Identity providers also use numbers as user and session ids. */
function textOf(claim: unknown): string | undefined {
  if (typeof claim === 'string') return claim;
  return typeof claim === 'number' && Number.isSafeInteger(claim) ? String(claim) : undefined;
}

function verifier(jwt: JwtSettings, appId: string, logger: Logger): Verify {
  const options = {
    algorithms: jwt.secret === undefined ? PUBLIC_KEY_ALGORITHMS : SHARED_SECRET_ALGORITHMS,
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_SKEW_S,
    ...(jwt.issuer === undefined ? {} : { issuer: jwt.issuer }),
    ...(jwt.audience === undefined ? {} : { audience: jwt.audience }),
  };
  if (jwt.secret !== undefined) {
    const secret = new TextEncoder().encode(jwt.secret);
    return async (token) => (await jwtVerify(token, secret, options)).payload;
  }
  const keys = new RemoteKeys(jwt.jwksUrl ?? '', appId, logger);
  const keyFor: JWTVerifyGetKey = (header, input) => keys.keyFor(header, input);
  return async (token) => (await jwtVerify(token, keyFor, options)).payload;
}

function refused(problem: string, path = 'authorization'): GatewayError {
  return new GatewayError('AUTH.INVALID', { challenge: 'Bearer', errors: [{ path, problem }] });
}

function describe(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `the claim ${error.claim} is ${error.reason}`;
  if (error instanceof errors.JOSEAlgNotAllowed)
    return 'the token is not signed by an algorithm that is allowed';
  return 'the token is not valid';
}
