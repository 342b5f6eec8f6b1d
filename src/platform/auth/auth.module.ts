import type { Readable } from 'node:stream';
import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.js';
import { DemoMode, PROCESS_SETTINGS } from '../config/config.module.js';
import { GatewayConfig } from '../config/gateway-config.js';
import type { ProcessSettings } from '../config/process-settings.js';
import { GatewayError } from '../errors/gateway-error.js';
import { answerWithError } from '../http/error.filter.js';
import { parseJsonBody } from '../http/json-body.js';
import { UnverifiedBytes } from '../http/unverified-bytes.js';
import { LOGGER } from '../logging/logging.module.js';
import type { Caller } from './access.js';
import { CallerLimits } from './caller-limits.js';
import { headerOf } from './header.js';
import { BackendAuthenticator } from './backend.authenticator.js';
import { ClientCors } from './client-cors.js';
import { ClientAuthenticator } from './client.authenticator.js';
import { ClientLimits } from './client-limits.js';
import { CometChatTokens } from './cometchat-tokens.js';
import { isLocalRequest } from './local-request.js';
import {
  LoginAuthenticator,
  OperatorAuthenticator,
  OperatorOrDemoAuthenticator,
} from './operator.authenticator.js';
import { OperatorAccounts } from './operator-accounts.js';
import { checkOperatorChange } from './operator-change.js';
import { OperatorSessions } from './operator-sessions.js';
import { checkPermission } from './permissions.js';
import { ProxyLogin } from './proxy-login.js';
import { WrongCredentials } from './wrong-credentials.js';
import { Authenticators, type RequestAuthenticator } from './request-authenticator.js';

/** Origin of the configured credentials; the demo's are public. */
const BY_CONFIGURATION: ReadonlySet<Caller['kind']> = new Set(['webhook', 'client', 'backend', 'vendor']);
const CHALLENGES: Partial<Record<Caller['kind'], { readonly challenge: string }>> = {
  webhook: { challenge: 'Basic realm="webhooks", charset="UTF-8"' },
  client: { challenge: 'Bearer' },
};

/** Authenticates every request before its body is read, as its route declares. */
@Global()
@Module({
  providers: [
    Authenticators,
    WrongCredentials,
    BackendAuthenticator,
    CometChatTokens,
    ClientCors,
    ClientLimits,
    ClientAuthenticator,
    OperatorAccounts,
    OperatorSessions,
    ProxyLogin,
    OperatorAuthenticator,
    OperatorOrDemoAuthenticator,
    LoginAuthenticator,
  ],
  exports: [Authenticators, WrongCredentials, OperatorAuthenticator, OperatorSessions],
})
export class AuthModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(PROCESS_SETTINGS) private readonly settings: ProcessSettings,
    private readonly config: GatewayConfig,
    private readonly authenticators: Authenticators,
    private readonly backend: BackendAuthenticator,
    private readonly client: ClientAuthenticator,
    private readonly cors: ClientCors,
    private readonly operator: OperatorAuthenticator,
    private readonly operatorOrDemo: OperatorOrDemoAuthenticator,
    private readonly login: LoginAuthenticator,
    private readonly sessions: OperatorSessions,
    private readonly demo: DemoMode,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.authenticators.set('open', { authenticate: () => ({ kind: 'anyone' }) });
    this.authenticators.set('backend', this.backend);
    this.authenticators.set('client', this.client);
    this.authenticators.set('operator', this.operator);
    this.authenticators.set('operator-or-demo', this.operatorOrDemo);
    this.authenticators.set('login', this.login);
    this.authenticators.set('backend-or-operator', {
      authenticate: (request) =>
        (headerOf(request, 'apikey') ? this.backend : this.operator).authenticate(request),
    });
    const limits = new CallerLimits();
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.decorateRequest('caller', null as never);
    fastify.addHook('onRequest', async (request, reply) => {
      if (this.cors.answerPreflight(request, reply)) return reply;
      try {
        request.caller = await this.authenticate(request);
        limits.enter(request, reply);
      } catch (error) {
        // Answered here, because a plugin's error handler would replace a thrown error.
        answerWithError(this.logger, error, request, reply);
        await reply;
      }
      return undefined;
    });
    fastify.addHook('onSend', (request, reply, _payload, done) => {
      this.cors.allowReading(request, reply);
      if (request.caller?.kind === 'operator') this.sessions.renew(request, reply, request.caller);
      done();
    });
    const unverified = new UnverifiedBytes(this.config.http.maxUnverifiedBytes);
    fastify.addHook('preParsing', (request, reply, payload, done) =>
      done(null, isUnverified(request) ? unverified.count(request, reply, payload as Readable) : payload),
    );
    // Any media type but JSON is answered 415, unless the route needs the raw bytes.
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer' },
      async (request: FastifyRequest, body: Buffer) => {
        const authenticator = this.authenticatorOf(request);
        if (authenticator?.takesRawBody) return body;
        authenticator?.inspectBody?.(request, body);
        return body.length === 0 ? undefined : parseJsonBody(body);
      },
    );
    fastify.addContentTypeParser(
      '*',
      { parseAs: 'buffer' },
      async (request: FastifyRequest, body: Buffer) => {
        if (this.authenticatorOf(request)?.takesRawBody) return body;
        throw new GatewayError('REQUEST.UNSUPPORTED_MEDIA_TYPE');
      },
    );
  }

  private async authenticate(request: FastifyRequest): Promise<FastifyRequest['caller']> {
    // Unknown URLs are answered 404.
    if (request.is404) return { kind: 'anyone' };
    const authenticator = this.authenticatorOf(request);
    if (!authenticator) throw new GatewayError('AUTH.REQUIRED');
    const caller = await authenticator.authenticate(request);
    if (this.demo.enabled && BY_CONFIGURATION.has(caller.kind) && !isLocalRequest(request)) {
      throw new GatewayError('AUTH.DEMO_NOT_LOCAL', CHALLENGES[caller.kind]);
    }
    if (caller.kind === 'operator') checkOperatorChange(request, this.settings.publicUrl);
    checkPermission(request, caller);
    return caller;
  }

  private authenticatorOf(request: FastifyRequest): RequestAuthenticator | undefined {
    return this.authenticators.get(request.routeOptions.config.access ?? 'operator');
  }
}

/** Whether authentication needs the body, for a signature over it. */
function isUnverified({ caller }: FastifyRequest): boolean {
  if (caller.kind === 'vendor') return true;
  return caller.kind === 'webhook' && caller.apps.every(({ webhook }) => webhook.basicAuth === undefined);
}
