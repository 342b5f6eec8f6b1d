import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AddRouteConfig } from '../http/add-route-config.js';
import { ApiErrors } from '../http/api-errors.js';

/** How a route is recorded in the audit log. */
export interface AuditedRoute {
  /** Noun and verb: `device.retire`. */
  readonly action: string;
  /** Fields of the body or query to record, such as `reason`; no addresses, tokens or contents. */
  readonly detail?: readonly string[];
}

/** Facts that the handler of a request knows better than its URL. They replace those taken from the request. */
export interface AuditDetails {
  appId?: string;
  /** null: the user is not named. */
  uid?: string | null;
  target?: string;
  detail?: Readonly<Record<string, unknown>>;
  /** Nothing has happened that needs a record. */
  isSkipped?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    audited?: AuditedRoute;
  }
  interface FastifyRequest {
    audit: AuditDetails | null;
  }
}

/**
 * Records successful calls of a route in the audit log: caller, address, app, user and target, which is the rest of the
 * parameters in its path.
 *
 * @example `@Audited('device.retire', { detail: ['reason'] })`
 */
export const Audited = (action: string, options: Omit<AuditedRoute, 'action'> = {}): MethodDecorator =>
  applyDecorators(AddRouteConfig({ audited: { action, ...options } }), ApiErrors('AUDIT.NOT_STORED'));

/** Injects the details that the handler may set: `@AuditOf() audit: AuditDetails`. */
export const AuditOf = createParamDecorator(
  (_: unknown, context: ExecutionContext): AuditDetails =>
    (context.switchToHttp().getRequest<FastifyRequest>().audit ??= {}),
);
