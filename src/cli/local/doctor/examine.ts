import type { SandboxMailbox } from '../../../domain/sandbox-mailbox.js';
import { ProviderRegistry } from '../../../providers/provider-registry.js';
import { installedProviders } from '../../../providers/providers.module.js';
import type { Configuration } from '../configuration.js';
import { checkAccounts } from './check-accounts.js';
import { checkCometChat } from './check-cometchat.js';
import { checkConfiguration } from './check-configuration.js';
import { checkHosts } from './check-hosts.js';
import { checkPostgres } from './check-postgres.js';
import { checkPublicUrl } from './check-public-url.js';
import { checkRedis } from './check-redis.js';
import { checkSpool } from './check-spool.js';
import { warning, type Finding, type Patient } from './finding.js';

const NO_MAILBOX: SandboxMailbox = { put: () => Promise.reject(new Error('nothing is sent')) };

export interface Examination {
  readonly configuration: Configuration;
  /** Only this app; undefined: all. */
  readonly appId: string | undefined;
  /** Whether hosts on the internet are left out. */
  readonly isOffline: boolean;
  readonly signal: AbortSignal;
}

const NOT_CHECKED = warning(
  'accounts',
  'Accounts, CometChat and PUBLIC_URL are not checked while the configuration has faults.',
  'Mend the configuration, then run `bellhop doctor` again.',
);

/** Runs every check, one group after another. */
export async function* examine({
  configuration,
  appId,
  isOffline,
  signal,
}: Examination): AsyncGenerator<Finding> {
  const { settings, config, source, faults } = configuration;
  const all = Array.isArray(config.apps) ? config.apps : [];
  const apps = all.filter((app) => appId === undefined || app.appId === appId);
  const patient: Patient = { settings, config, source, apps, signal };
  yield* checkConfiguration(configuration, apps);
  const isBroken = (name: string): boolean => faults.some(({ path }) => path.replace(/_FILE$/, '') === name);
  if (!isBroken('DATABASE_URL')) yield* await checkPostgres(patient);
  if (!isBroken('REDIS_URL')) yield* await checkRedis(patient);
  if (!isBroken('SPOOL_DIR')) yield* await checkSpool(patient);
  if (faults.length > 0) {
    yield NOT_CHECKED;
    return;
  }
  yield* await checkPublicUrl(patient, isOffline);
  if (isOffline) return;
  const registry = new ProviderRegistry({ ...config, apps: [...apps] }, installedProviders(NO_MAILBOX));
  try {
    yield* await checkHosts(registry.accounts());
    yield* await checkAccounts(registry.accounts(), signal);
  } finally {
    await registry.onApplicationShutdown();
  }
  yield* await checkCometChat(patient);
}
