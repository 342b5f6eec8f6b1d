import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DemoMode, PROCESS_SETTINGS } from '../config/config.module.js';
import { DEMO_ADMIN, type ProcessSettings } from '../config/process-settings.js';
import { GatewayError } from '../errors/gateway-error.js';
import type { Caller } from './access.js';
import { basicCredentials, digest, matches } from './digest.js';
import { isLocalRequest } from './local-request.js';
import type { RequestAuthenticator } from './request-authenticator.js';
import { WrongCredentials } from './wrong-credentials.js';

const CHALLENGE = { challenge: 'Basic realm="bellhop", charset="UTF-8"' };

/**
 * Authenticates the operator by HTTP Basic. A human chose the password, so above the limit no password is checked, not
 * even the correct one.
 */
@Injectable()
export class OperatorAuthenticator implements RequestAuthenticator {
  private readonly expected: Buffer;
  /** The password is public: valid for local requests only. */
  private readonly isDemo: boolean;

  constructor(
    @Inject(PROCESS_SETTINGS) { admin }: ProcessSettings,
    private readonly wrong: WrongCredentials,
  ) {
    this.expected = digest(`${admin.username}:${admin.password}`);
    this.isDemo = admin.password === DEMO_ADMIN.password;
  }

  authenticate(request: FastifyRequest): Caller {
    const given = basicCredentials(request.headers.authorization);
    if (given === undefined) throw new GatewayError('AUTH.REQUIRED', CHALLENGE);
    this.wrong.stopGuessing(request, 'operator');
    if (this.isDemo && !isLocalRequest(request)) throw new GatewayError('AUTH.DEMO_NOT_LOCAL', CHALLENGE);
    if (matches(digest(given), [this.expected]).length > 0) return { kind: 'operator' };
    throw this.wrong.count(request, 'operator', given, new GatewayError('AUTH.INVALID', CHALLENGE));
  }
}

/** The same, but in the demo every local request is the operator's. */
@Injectable()
export class OperatorOrDemoAuthenticator implements RequestAuthenticator {
  constructor(
    private readonly demo: DemoMode,
    private readonly operator: OperatorAuthenticator,
  ) {}

  authenticate(request: FastifyRequest): Caller {
    if (this.demo.enabled && isLocalRequest(request)) return { kind: 'operator' };
    return this.operator.authenticate(request);
  }
}
