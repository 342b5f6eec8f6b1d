import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AppSettings } from '../config/app-settings.js';
import type { SmsProviderSettings } from '../config/sms-provider-settings.js';
import type { ErrorCode } from '../errors/error-table.js';
import { ApiErrors } from '../http/api-errors.js';
import { AddRouteConfig } from '../http/add-route-config.js';
import type { OperatorRole } from './operator-role.js';
import type { Scope } from './scope.js';

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
  /** An operator, by HTTP Basic, session or proxy. A viewer may only read. */
  | 'operator'
  /** Anyone who is about to send a password, from a page of ours or from no page. */
  | 'login'
  | 'backend-or-operator'
  /** The operator; in the demo, also a local request without a login. */
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
  | {
      readonly kind: 'backend';
      readonly app: AppSettings;
      /** Name of the API key. */
      readonly credential: string;
      readonly scopes: readonly Scope[];
    }
  /** The URL names the account; the vendor's signature is not verified yet. */
  | { readonly kind: 'vendor'; readonly app: AppSettings; readonly provider: SmsProviderSettings }
  | Operator;

/** An operator or, if the role says so, a viewer. */
export interface Operator {
  readonly kind: 'operator';
  readonly username: string;
  readonly role: OperatorRole;
  /** Name of the credential: the login. */
  readonly credential: string;
  /** Set if a session identifies the operator. */
  readonly session?: OperatorSession;
}

export interface OperatorSession {
  readonly startedAt: Date;
  readonly expiresAt: Date;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** One of these an API key must have; unset: by method. */
    scopes?: readonly Scope[];
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
const OPERATOR_ERRORS = [...LOGIN_ERRORS, 'AUTH.EXPIRED', 'AUTH.OTHER_SITE', 'AUTH.READ_ONLY'] as const;
const CLIENT_ERRORS = [...LOGIN_ERRORS, 'APP.REQUIRED', 'APP.UNKNOWN'] as const;
const BACKEND_ERRORS = [...CLIENT_ERRORS, 'AUTH.EXPIRED', 'AUTH.SCOPE_REQUIRED'] as const;

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
  client: [...CLIENT_ERRORS, 'CLIENT.TOO_MANY_REQUESTS', 'SERVICE.UNAVAILABLE'],
  backend: BACKEND_ERRORS,
  operator: OPERATOR_ERRORS,
  login: [...LOGIN_ERRORS, 'AUTH.OTHER_SITE'],
  'backend-or-operator': [...BACKEND_ERRORS, ...OPERATOR_ERRORS],
  'operator-or-demo': OPERATOR_ERRORS,
};

export interface AccessOptions {
  /**
   * Scopes of which an API key must have one. Unset: `read` for a GET, `admin` for a change. `read` on another method means
   * that it changes nothing, so that a viewer may call it, too.
   */
  readonly scope?: Scope | readonly Scope[];
}

/**
 * Allows a kind of caller on a route. A route without it is open to the operator only.
 *
 * Checked by `AuthModule` before the body is read; Nest guards run after that.
 *
 * @example `@AllowAccess('backend', { scope: ['devices', 'read'] })`
 */
export function AllowAccess(access: Access, { scope }: AccessOptions = {}): MethodDecorator {
  const scopes = scope === undefined ? undefined : [scope].flat();
  return applyDecorators(
    AddRouteConfig({ access, ...(scopes && { scopes }) }),
    ApiErrors(...ERRORS_OF[access]),
  );
}

/** Injects the caller: `@CalledBy() caller: Caller`. */
export const CalledBy = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller =>
    context.switchToHttp().getRequest<FastifyRequest>().caller,
);
