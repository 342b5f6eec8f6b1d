import type { Fault } from '../errors/gateway-error.js';
import { isLoopback } from '../http/loopback.js';
import { DEMO_ADMIN, type ProcessSettings } from './process-settings.js';

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
