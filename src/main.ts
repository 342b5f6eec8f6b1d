import 'reflect-metadata';
import { effectiveSettings, readConfiguration, type Configuration } from './cli/local/configuration.js';
import { SAFE_PASSWORD_LENGTH } from './platform/config/process-settings.js';
import { createLogger } from './platform/logging/logging.module.js';
import type { Logger } from './platform/logging/logger.js';
import type { Addresses } from './platform/processes/supervisor-messages.js';
import { reportFaults } from './report-faults.js';
import { welcome } from './welcome.js';

// Neither a full disk nor a closed terminal ends the gateway.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

await main();

async function main(): Promise<void> {
  const loaded = await readConfiguration(process.env);
  if (loaded.faults.length > 0) {
    reportFaults(loaded);
    process.exitCode = 1;
    return;
  }
  const { settings, config, origins } = loaded;
  const demo = loaded.source === null;
  const { logLevel: level, logFormat: format, role } = settings;
  const logger = createLogger({ level, format, role, isShared: settings.processes > 1 });
  logConfiguration(loaded, logger);
  const onListening = (addresses: Addresses): void => {
    if (!settings.production) welcome(addresses, settings, demo);
  };
  if (settings.processes > 1) {
    const { superviseGateway } = await import('./supervise.js');
    superviseGateway(settings, logger, onListening);
  } else {
    const { runGateway } = await import('./run-gateway.js');
    runGateway({ settings, config, origins, demo, logger }, onListening);
  }
}

function logConfiguration(loaded: Configuration, logger: Logger): void {
  const { source, config } = loaded;
  logger.info(
    {
      source: source ?? 'built-in demo configuration',
      ...effectiveSettings(loaded),
    },
    'config.effective',
  );
  for (const { appId, sms } of config.apps) {
    if (sms.providers.length > 0 && !sms.countries) {
      logger.warn({ appId }, 'config.sms_countries_unset: SMS may go to any country, at any price');
    }
  }
  for (const { appId, webhook } of config.apps) {
    // Correct credentials are never blocked, so only their length protects against guessing.
    if (
      source !== null &&
      webhook.basicAuth?.some(({ password }) => password.length < SAFE_PASSWORD_LENGTH)
    ) {
      logger.warn({ appId }, 'config.webhook_password_short: use 12 or more random characters');
    }
  }
}
