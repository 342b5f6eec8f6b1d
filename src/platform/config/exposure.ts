import type { Fault } from '../errors/gateway-error.js';
import { isLoopback } from '../http/loopback.js';
import type { GatewayConfig } from './gateway-config.js';
import { DEMO_ADMIN, type ProcessSettings } from './process-settings.js';
import { at, list, text } from './unchecked-tree.js';

/**
 * Finds public credentials on a gateway that listens beyond loopback, which prevent its start.
 *
 * @param demo whether the built-in demo configuration is in use.
 */
export function exposedDemoCredentials(settings: ProcessSettings, demo: boolean): Fault[] {
  const { host, production, admin } = settings;
  // Production has no demo values.
  if (production || isLoopback(host)) return [];
  const why = `with HOST=${host}: demo credentials work on loopback only`;
  return [
    ...(admin.password === DEMO_ADMIN.password
      ? [{ path: 'ADMIN_PASSWORD', problem: `must be set to a password of your own ${why}` }]
      : []),
    ...(demo
      ? [{ path: 'BELLHOP_CONFIG', problem: `must name a configuration with credentials of its own ${why}` }]
      : []),
  ];
}

/**
 * Finds logins of the configuration that contradict the environment.
 *
 * @param config may be invalid, so that all faults are reported together.
 */
export function contradictoryLogins(settings: ProcessSettings, config: GatewayConfig): Fault[] {
  const admin = at(config, 'admin');
  const faults = list(admin, 'users').flatMap((user, index) =>
    text(user, 'username') === settings.admin.username
      ? [{ path: `admin.users[${index}].username`, problem: 'is that of ADMIN_USERNAME' }]
      : [],
  );
  if (text(admin, 'trustedHeader') !== undefined && settings.trustedProxies.length === 0)
    faults.push({ path: 'admin.trustedHeader', problem: 'needs TRUST_PROXY: no other address is believed' });
  return faults;
}
