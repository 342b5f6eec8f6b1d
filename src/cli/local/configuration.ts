import { CommandFailed, EXIT } from '../command.js';
import type { ConfigOrigins } from '../../platform/config/config-origins.js';
import type { GatewayConfig } from '../../platform/config/gateway-config.js';
import { contradictoryLogins, exposedDemoCredentials } from '../../platform/config/exposure.js';
import { loadGatewayConfig } from '../../platform/config/load-gateway-config.js';
import { readProcessSettings, type ProcessSettings } from '../../platform/config/process-settings.js';
import { redactSecrets } from '../../platform/config/secrets.js';
import type { Fault } from '../../platform/errors/gateway-error.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { checkSpoolDirectory } from '../../queue/spool/check-spool-directory.js';

/** The environment and the configuration file. */
export interface Configuration {
  readonly settings: ProcessSettings;
  readonly config: GatewayConfig;
  /** The file; null: the built-in demo configuration. */
  readonly source: string | null;
  readonly origins: ConfigOrigins;
  /** Every fault that prevents the start of the gateway. With one, the configuration must not be used. */
  readonly faults: readonly Fault[];
}

/** Reads the whole configuration, as the gateway does at its start, and collects every fault. */
export async function readConfiguration(env: NodeJS.ProcessEnv): Promise<Configuration> {
  const { settings, reading, faults } = readProcessSettings(env);
  const {
    config,
    source,
    tree,
    faults: ofFile,
  } = loadGatewayConfig({ ...settings, env, providerTypes: PROVIDER_TYPES });
  // Loads the code of all vendors.
  const { providerFaults } = await import('../../providers/provider-faults.js');
  const all = [
    ...faults,
    ...exposedDemoCredentials(settings, source === null),
    ...ofFile,
    ...contradictoryLogins(settings, config),
    ...(await providerFaults(config, ofFile)),
    ...checkSpoolDirectory(settings),
  ];
  return { settings, config, source, origins: { reading, tree }, faults: all };
}

/**
 * Reads what commands without a gateway need: a listening process may need more.
 *
 * @throws CommandFailed with every fault of the configuration file and of `DATABASE_URL`.
 */
export function readConfigurationFile(
  env: NodeJS.ProcessEnv,
): Pick<Configuration, 'settings' | 'config' | 'source'> {
  const { settings, faults } = readProcessSettings(env);
  const {
    config,
    source,
    faults: ofFile,
  } = loadGatewayConfig({ ...settings, env, providerTypes: PROVIDER_TYPES });
  const relevant = [...faults.filter(({ path }) => /^DATABASE_URL(_FILE)?$/.test(path)), ...ofFile];
  if (relevant.length === 0) return { settings, config, source };
  throw new CommandFailed(EXIT.bad, relevant.map(({ path, problem }) => `${path} ${problem}`).join('\n'));
}

/** The settings in effect, without secrets. */
export function effectiveSettings({ settings, config }: Pick<Configuration, 'settings' | 'config'>): {
  readonly process: unknown;
  readonly config: unknown;
} {
  const { redisUrl, databaseUrl } = settings;
  return {
    process: redactSecrets({
      ...settings,
      redisUrl: originOf(redisUrl),
      databaseUrl: originOf(databaseUrl),
    }),
    config: redactSecrets(config),
  };
}

/** A connection URL without user, password and query. */
export function originOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
