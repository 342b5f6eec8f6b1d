import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import type { AppSettings } from '../config/app-settings.js';
import type { SmsProviderSettings } from '../config/sms-provider-settings.js';
import type { ErrorCode } from '../errors/error-table.js';
import { ApiErrors } from '../http/api-errors.js';

/** The callers that a route may allow. */
export type Access =
  /** Anyone. */
  | 'open'
  /** CometChat, by Basic Auth or signature. */
  | 'webhook'
  /** An SMS vendor, by its signature or a secret in the URL; the route verifies it on the raw body. */
  | 'vendor'
  /** A client of an app, for its own user. */
  | 'client'
  /** An app's backend, by API key. */
  | 'backend'
  /** The operator, by HTTP Basic. */
  | 'operator'
  | 'backend-or-operator'
  /** The operator; in the demo, any local request. */
  | 'operator-or-demo';

/** The authenticated caller. */
export type Caller =
  | { readonly kind: 'anyone' }
  /** Apps whose credentials match, except those that require a signature which the body lacks. */
  | {
      readonly kind: 'webhook';
      readonly apps: readonly AppSettings[];
      readonly unsigned: readonly AppSettings[];
      /** Name of the credential, as the ledger shows it. */
      readonly credential: string;
    }
  | {
      readonly kind: 'client';
      readonly app: AppSettings;
      readonly uid: string;
      readonly sessionId: string | null;
    }
  | { readonly kind: 'backend'; readonly app: AppSettings; readonly credential: string }
  /** The URL names the account; the vendor's signature is not verified yet. */
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

/** Errors that authentication may return before the route is reached. */
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
 * Allows a kind of caller on a route. A route without it is open to the operator only.
 *
 * Checked by `AuthModule` before the body is read; Nest guards run after that.
 */
export const AllowAccess = (access: Access): MethodDecorator =>
  applyDecorators(RouteConfig({ access }), ApiErrors(...ERRORS_OF[access]));

/** Injects the caller: `@CalledBy() caller: Caller`. */
export const CalledBy = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller =>
    context.switchToHttp().getRequest<FastifyRequest>().caller,
);
