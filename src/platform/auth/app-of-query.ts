import type { AppSettings } from '../config/app-settings.js';
import type { GatewayConfig } from '../config/gateway-config.js';
import type { Caller } from './access.js';
import { chooseApp } from './backend.authenticator.js';

/**
 * The app that a query is limited to: a backend's own, or the one that an operator names; undefined for all.
 *
 * @throws GatewayError `APP.UNKNOWN` if the app is not configured, or not the caller's.
 */
export function appOfQuery(
  { apps }: GatewayConfig,
  caller: Caller,
  appId: string | undefined,
): AppSettings | undefined {
  if (caller.kind === 'backend') return chooseApp([caller.app], appId);
  return appId === undefined ? undefined : chooseApp(apps, appId);
}
