import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DemoMode, PROCESS_SETTINGS } from '../config/config.module.js';
import type { ProcessSettings } from '../config/process-settings.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { Caller, Operator } from './access.js';
import { basicCredentials } from './digest.js';
import { hasBody } from './has-body.js';
import { isLocalRequest } from './local-request.js';
import { OperatorAccounts, type OperatorAccount } from './operator-accounts.js';
import { checkOperatorChange } from './operator-change.js';
import { OperatorSessions } from './operator-sessions.js';
import { ProxyLogin } from './proxy-login.js';
import type { RequestAuthenticator } from './request-authenticator.js';
import { WrongCredentials } from './wrong-credentials.js';

const CHALLENGE = { challenge: 'Basic realm="bellhop", charset="UTF-8"' };

/**
 * Authenticates an operator by a trusted proxy, by HTTP Basic, or by the cookie of a session. A human chose the password,
 * so above the limit no password is checked, not even the correct one.
 */
@Injectable()
export class OperatorAuthenticator implements RequestAuthenticator {
  constructor(
    private readonly accounts: OperatorAccounts,
    private readonly sessions: OperatorSessions,
    private readonly proxy: ProxyLogin,
    private readonly wrong: WrongCredentials,
  ) {}

  async authenticate(request: FastifyRequest): Promise<Caller> {
    const operator = await this.find(request);
    if (operator) return operator;
    throw new GatewayError('AUTH.REQUIRED', challengeFor(request));
  }

  /**
   * The operator whose login the request carries; undefined if it carries none.
   *
   * @throws GatewayError if the login is wrong or has expired.
   */
  async find(request: FastifyRequest): Promise<Operator | undefined> {
    // Before HTTP Basic, because some proxies add a password of their own.
    const byProxy = this.proxy.find(request);
    if (byProxy) return byProxy;
    const given = basicCredentials(request.headers.authorization);
    if (given !== undefined) return toOperator(await this.byPassword(request, given));
    return this.sessions.find(request);
  }

  /**
   * The account of a login.
   *
   * @param login user name and password, joined by a colon.
   * @throws GatewayError `AUTH.INVALID`, `AUTH.DEMO_NOT_LOCAL`, `AUTH.TOO_MANY_ATTEMPTS`
   */
  async byPassword(request: FastifyRequest, login: string): Promise<OperatorAccount> {
    this.wrong.stopGuessing(request, 'operator');
    const challenge = challengeFor(request);
    const colon = login.indexOf(':');
    const username = login.slice(0, Math.max(colon, 0));
    const isDemo = this.accounts.isDemo || this.accounts.find(username)?.isDemo === true;
    if (isDemo && !isLocalRequest(request)) throw new GatewayError('AUTH.DEMO_NOT_LOCAL', challenge);
    const account = await this.accounts.authenticate(username, login.slice(colon + 1));
    if (account) return account;
    throw this.wrong.count(request, 'operator', login, new GatewayError('AUTH.INVALID', challenge));
  }
}

const DEMO_OPERATOR: Operator = Object.freeze({
  kind: 'operator',
  username: 'demo',
  role: 'operator',
  credential: 'demo',
});

/** The same, but in the demo a local request without a login is the operator's. */
@Injectable()
export class OperatorOrDemoAuthenticator implements RequestAuthenticator {
  constructor(
    private readonly demo: DemoMode,
    private readonly operator: OperatorAuthenticator,
  ) {}

  async authenticate(request: FastifyRequest): Promise<Caller> {
    if (!this.demo.enabled || !isLocalRequest(request)) return this.operator.authenticate(request);
    return (await this.operator.find(request)) ?? DEMO_OPERATOR;
  }
}

/** Lets anyone send a password, but no page of another site: it could log its visitor in as somebody else. */
@Injectable()
export class LoginAuthenticator implements RequestAuthenticator {
  constructor(@Inject(PROCESS_SETTINGS) private readonly settings: ProcessSettings) {}

  authenticate(request: FastifyRequest): Caller {
    if (!hasBody(request)) throw new GatewayError('AUTH.REQUIRED');
    checkOperatorChange(request, this.settings.publicUrl);
    return { kind: 'anyone' };
  }
}

function toOperator({ username, role }: OperatorAccount): Operator {
  return { kind: 'operator', username, role, credential: username };
}

/** A browser would ask for a password over a page whose script made the request. */
function challengeFor({ headers }: FastifyRequest): { readonly challenge?: string } {
  return headers['sec-fetch-dest'] === 'empty' ? {} : CHALLENGE;
}
