import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { AppSettings } from '../config/app-settings.js';
import type { SmsProviderSettings } from '../config/sms-provider-settings.js';
import type { ErrorCode } from '../errors/error-table.js';
import { ApiErrors } from '../http/api-errors.js';

/** Who may call a route. */
export type Access =
  /** Anyone. */
  | 'open'
  /** CometChat, by Basic Auth or signature. */
  | 'webhook'
  /** An SMS vendor, by its own signature or a secret in the address; checked on the raw body, by the route itself. */
  | 'vendor'
  /** One of an app's own clients, speaking for itself. */
  | 'client'
  /** An app's backend, by API key. */
  | 'backend'
  /** The operator, by HTTP Basic. */
  | 'operator'
  | 'backend-or-operator'
  /** The operator; in the demo, on loopback, anyone. */
  | 'operator-or-demo';

/** Who is calling, as the guard of the route found out. */
export type Caller =
  | { readonly kind: 'anyone' }
  /** The apps whose credentials were given, apart from those that want a signature which the body does not bear. */
  | {
      readonly kind: 'webhook';
      readonly apps: readonly AppSettings[];
      readonly unsigned: readonly AppSettings[];
    }
  | {
      readonly kind: 'client';
      readonly app: AppSettings;
      readonly uid: string;
      readonly sessionId: string | null;
    }
  | { readonly kind: 'backend'; readonly app: AppSettings }
  /** Whose account is named by the address; whether it is the vendor that calls has yet to be seen. */
  | { readonly kind: 'vendor'; readonly app: AppSettings; readonly provider: SmsProviderSettings }
  | { readonly kind: 'operator' };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    caller: Caller;
  }
}

const LOGIN_ERRORS = [
  'AUTH.REQUIRED',
  'AUTH.INVALID',
  'AUTH.DEMO_NOT_LOCAL',
  'AUTH.TOO_MANY_ATTEMPTS',
] as const;
const OPERATOR_ERRORS = [...LOGIN_ERRORS, 'AUTH.OTHER_SITE'] as const;
const BACKEND_ERRORS = [...LOGIN_ERRORS, 'APP.REQUIRED', 'APP.UNKNOWN'] as const;

/** What a guard may answer before a route is reached. */
const ERRORS_OF: Readonly<Record<Access, readonly ErrorCode[]>> = {
  open: [],
  webhook: [
    'WEBHOOK.UNAUTHORIZED',
    'WEBHOOK.INVALID_SIGNATURE',
    'WEBHOOK.UNKNOWN_APP',
    'WEBHOOK.WRONG_APP',
    'AUTH.DEMO_NOT_LOCAL',
    'AUTH.TOO_MANY_ATTEMPTS',
  ],
  vendor: ['CALLBACK.UNKNOWN', 'CALLBACK.INVALID_SIGNATURE', 'AUTH.DEMO_NOT_LOCAL', 'AUTH.TOO_MANY_ATTEMPTS'],
  client: [...BACKEND_ERRORS, 'CLIENT.TOO_MANY_REQUESTS', 'SERVICE.UNAVAILABLE'],
  backend: BACKEND_ERRORS,
  operator: OPERATOR_ERRORS,
  'backend-or-operator': [...BACKEND_ERRORS, 'AUTH.OTHER_SITE'],
  'operator-or-demo': OPERATOR_ERRORS,
};

/**
 * Opens a route to somebody. A route without it is closed to everybody.
 *
 * It is checked before the body is read (`AuthModule`), which is why this is not a Nest guard: those run after.
 */
export const AllowAccess = (access: Access): MethodDecorator =>
  applyDecorators(RouteConfig({ access }), ApiErrors(...ERRORS_OF[access]));

/** `@CalledBy() caller: Caller`: who is calling. */
export const CalledBy = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller =>
    context.switchToHttp().getRequest<FastifyRequest>().caller,
);
