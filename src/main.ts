import 'reflect-metadata';
import { startGateway, type Gateway } from './bootstrap.js';
import { effectiveSettings, readConfiguration } from './cli/local/configuration.js';
import { DEMO } from './platform/config/demo-config.js';
import {
  DEMO_ADMIN,
  SAFE_PASSWORD_LENGTH,
  type ProcessSettings,
} from './platform/config/process-settings.js';
import { DataDirectoryInUse } from './platform/embedded/data-directory.js';
import type { Fault } from './platform/errors/gateway-error.js';
import type { LogMessage } from './platform/logging/log-messages.js';
import { createLogger } from './platform/logging/logging.module.js';
import { withoutUserinfo } from './platform/logging/without-userinfo.js';

/** Maximum duration of a shutdown after its delay. Supervisors kill the process soon after. */
const STOP_WITHIN_MS = 14_000;

// Neither a full disk nor a closed terminal ends the gateway.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

await main();

async function main(): Promise<void> {
  const loaded = await readConfiguration(process.env);
  const { settings, faults } = loaded;
  const demo = loaded.source === null;
  if (faults.length > 0) return refuse(faults, loaded.source);

  const logger = createLogger({
    level: settings.logLevel,
    format: settings.logFormat,
    role: settings.role,
  });
  logger.info(
    {
      source: loaded.source ?? 'built-in demo configuration',
      ...effectiveSettings(loaded),
    },
    'config.effective',
  );
  for (const { appId, sms } of loaded.config.apps) {
    if (sms.providers.length > 0 && !sms.countries) {
      logger.warn({ appId }, 'config.sms_countries_unset: SMS may go to any country, at any price');
    }
  }
  for (const { appId, webhook } of loaded.config.apps) {
    // Correct credentials are never blocked, so only their length protects against guessing.
    if (!demo && webhook.basicAuth?.some(({ password }) => password.length < SAFE_PASSWORD_LENGTH)) {
      logger.warn({ appId }, 'config.webhook_password_short: use 12 or more random characters');
    }
  }
  const end = (error: unknown, event: LogMessage): void => {
    logger.fatal({ err: error }, event);
    process.exit(1);
  };
  process.on('uncaughtException', (error) => end(error, 'process.crashed'));
  process.on('unhandledRejection', (error) => end(error, 'process.crashed'));

  let gateway: Gateway | undefined;
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'process.stopping');
    const withinMs = settings.shutdownDelayMs + STOP_WITHIN_MS;
    setTimeout(
      () => end(new Error(`not stopped within ${withinMs} ms`), 'process.stop_failed'),
      withinMs,
    ).unref();
    starting
      .then(() => gateway?.close())
      .then(() => {
        logger.info({ signal }, 'process.stopped');
        process.exit(0);
      })
      .catch((error: unknown) => end(error, 'process.stop_failed'));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  const starting = startGateway({
    ...{ settings, config: loaded.config, origins: loaded.origins, demo, logger },
  }).then((running) => {
    gateway = running;
    if (stopping) return;
    logger.info(
      {
        url: running.url,
        opsUrl: running.opsUrl,
        queue: settings.redisUrl === undefined ? 'postgres' : 'redis',
      },
      'process.listening',
    );
    if (!settings.production) welcome(running, settings, demo);
  });
  await starting.catch((error: unknown) => {
    if (error instanceof DataDirectoryInUse) process.stderr.write(`${error.message}\n`);
    end(error, 'process.start_failed');
  });
}

/** Reports every fault at once. */
function refuse(faults: readonly Fault[], source: string | null): void {
  const lines = faults.map(({ path, problem }) => withoutUserinfo(`  ${path || '(file)'} ${problem}`));
  const where = source === null ? 'the environment' : `the environment and ${source}`;
  process.stderr.write(`Bellhop cannot start: ${faults.length} fault(s) in ${where}.\n${lines.join('\n')}\n`);
  process.exitCode = 1;
}

function welcome({ url, opsUrl }: Gateway, { admin }: ProcessSettings, demo: boolean): void {
  const { appId, webhook, apiKey, jwtSecret } = DEMO;
  const credentials = demo
    ? `  webhooks   Basic ${webhook.username}:${webhook.password}   (appId ${appId})
  backend    apikey: ${apiKey}
  clients    JWT, HS256, secret ${jwtSecret}
`
    : '';
  const trial = demo
    ? `
Open ${url}/ in a browser.

Try it:
  curl -X POST ${url}/v1/users/ann/devices -H 'apikey: ${apiKey}' -H 'content-type: application/json' \\
    -d '{"platform":"fcm_android","fcmToken":"my-first-token"}'
  curl -u ${webhook.username}:${webhook.password} ${url}/webhooks/cometchat/push -H 'content-type: application/json' \\
    -d '{"trigger":"push-notification-payload-generated","appId":"${appId}","region":"us","webhook":"custom","data":{"to":{"uid":"ann"},"notificationDetails":{"type":"chat","title":"Bob","body":"Hello!","tag":"1"}}}'
  curl ${url}/sandbox/messages
`
    : '';
  // A configured password is not printed.
  const operator =
    admin.password === DEMO_ADMIN.password
      ? `Basic ${admin.username}:${admin.password}`
      : 'as ADMIN_USERNAME and ADMIN_PASSWORD say';
  process.stdout.write(`
Bellhop listens on ${url}
  operator   ${operator}   ${url}/admin/
${credentials}  API page   ${opsUrl}/docs
${trial}
`);
}
