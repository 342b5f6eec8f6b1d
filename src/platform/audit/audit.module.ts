import { Readable } from 'node:stream';
import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors/gateway-error.js';
import { errorBody } from '../http/error.filter.js';
import type { Logger } from '../logging/logger.js';
import { LOGGER } from '../logging/logging.module.js';
import { auditEntryOf } from './audit-entry.js';
import { AuditRepository } from './audit.repository.js';

/**
 * Records the actions of routes with `@Audited` once they have succeeded and before the answer is sent. If that fails, the
 * answer says so: `AUDIT.NOT_STORED`.
 */
@Global()
@Module({ providers: [AuditRepository], exports: [AuditRepository] })
export class AuditModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly audit: AuditRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.decorateRequest('audit', null);
    fastify.addHook('onSend', (request, reply, payload, done) => {
      const isDone = reply.statusCode >= 200 && reply.statusCode < 300;
      if (!isDone || !request.routeOptions.config.audited) return done();
      this.record(request, reply, payload).then((recorded) => done(null, recorded), done);
    });
  }

  private async record(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    const { audited } = request.routeOptions.config;
    const entry = audited && auditEntryOf(request, audited);
    if (!entry) return payload;
    try {
      await this.audit.record(entry);
      return payload;
    } catch (err) {
      const { action, actorKind, appId } = entry;
      this.logger.error({ requestId: request.id, action, actorKind, appId, err }, 'audit.not_stored');
      if (payload instanceof Readable) payload.destroy();
      return refusal(request, reply);
    }
  }
}

/** Replaces the answer: thrown in this hook, an error would be answered by the plugin of the route. */
function refusal(request: FastifyRequest, reply: FastifyReply): string {
  const error = new GatewayError('AUDIT.NOT_STORED');
  void reply.code(error.status).type('application/json').removeHeader('content-length');
  return JSON.stringify(errorBody(error, request.id));
}
