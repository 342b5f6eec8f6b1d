import type { Caller } from '../platform/auth/access.js';
import { chooseApp } from '../platform/auth/backend.authenticator.js';
import type { AppSettings } from '../platform/config/app-settings.js';

/**
 * The app that a backend or the operator means.
 *
 * @param appId as named in the request; undefined: the caller's only app.
 * @throws GatewayError `APP.REQUIRED`, `APP.UNKNOWN`
 */
export function callersApp(
  caller: Caller,
  appId: string | undefined,
  apps: readonly AppSettings[],
): AppSettings {
  return chooseApp(caller.kind === 'backend' ? [caller.app] : apps, appId);
}

/** Name of a caller, as the ledger shows who requested something. */
export function callersName(caller: Caller): string {
  if (caller.kind === 'operator') return `operator ${caller.username}`;
  return caller.kind === 'backend' ? caller.credential : caller.kind;
}
