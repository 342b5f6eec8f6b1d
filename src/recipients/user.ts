import { normaliseUid } from '../domain/uid.js';
import type { Caller } from '../platform/auth/access.js';
import { chooseApp } from '../platform/auth/backend.authenticator.js';
import type { AppSettings } from '../platform/config/app-settings.js';
import type { ErrorCode } from '../platform/errors/error-table.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { sessionOfCredential } from '../platform/auth/session-id.js';

/** The user whose devices and contact a request is about. */
export interface User {
  readonly app: AppSettings;
  readonly uid: string;
}

/** A user who calls for themselves. */
export interface Client extends User {
  /** The login on one device; null if the credential names none. */
  readonly sessionId: string | null;
}

/** The client that calls a route under `/v1/me`. */
export function clientOf(caller: Caller): Client {
  if (caller.kind !== 'client') throw new GatewayError('AUTH.FORBIDDEN');
  return { app: caller.app, uid: caller.uid, sessionId: sessionOfCredential(caller.sessionId) };
}

/** @throws GatewayError with `code` if the value is not a valid uid. */
export function uidOf(value: string, code: ErrorCode): string {
  const uid = normaliseUid(value);
  if (uid !== undefined) return uid;
  const problem = 'must be 1 to 100 characters without white space or control characters';
  throw new GatewayError(code, { errors: [{ path: 'uid', problem }] });
}

/**
 * The user that an app's backend names in a route under `/v1/users/{uid}`.
 *
 * @throws GatewayError `REQUEST.MALFORMED` if the path has no valid uid.
 */
export function userOf(caller: Caller, uid: string): User {
  if (caller.kind !== 'backend') throw new GatewayError('AUTH.FORBIDDEN');
  return { app: caller.app, uid: uidOf(uid, 'REQUEST.MALFORMED') };
}

/**
 * The user that a backend or the operator names.
 *
 * @param apps those that the operator may name.
 * @param appId needed from the operator if there are several.
 * @throws GatewayError `REQUEST.MALFORMED`, `APP.REQUIRED`, `APP.UNKNOWN`
 */
export function userNamedBy(
  caller: Caller,
  uid: string,
  apps: readonly AppSettings[],
  appId: string | undefined,
): User {
  if (caller.kind !== 'backend' && caller.kind !== 'operator') throw new GatewayError('AUTH.FORBIDDEN');
  const app = chooseApp(caller.kind === 'backend' ? [caller.app] : apps, appId);
  return { app, uid: uidOf(uid, 'REQUEST.MALFORMED') };
}

/** Name of a caller, as records show who changed something. */
export function nameOf(caller: Caller): string {
  return 'credential' in caller ? caller.credential : caller.kind;
}
