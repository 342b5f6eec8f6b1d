import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from './platform/logging/logger.js';
import { AppModule } from './app.module.js';
import { serveApiDescription } from './admin/api-description.js';
import type { ConfigOrigins } from './platform/config/config-origins.js';
import type { GatewayConfig } from './platform/config/gateway-config.js';
import type { ProcessSettings } from './platform/config/process-settings.js';
import { Readiness } from './platform/health/readiness.js';
import { ErrorFilter } from './platform/http/error.filter.js';
import { createFastifyAdapter } from './platform/http/fastify.js';
import { addOpsListener } from './platform/http/ops-listener.js';
import { NestLogger } from './platform/logging/logging.module.js';
import type { SiblingMetrics } from './platform/metrics/merged-metrics.js';
import { cleanUp, openQueueStore, prepareDatabase, type Cleanup } from './stores.js';

/** With Node's default of 511, some of 1,000 simultaneous connections wait over a second. */
const LISTEN_BACKLOG = 4_096;

export interface GatewayOptions {
  readonly settings: ProcessSettings;
  readonly config: GatewayConfig;
  readonly origins: ConfigOrigins;
  /** The built-in demo configuration is in use. */
  readonly demo: boolean;
  readonly logger: Logger;
  /** Undefined: this process has no supervisor. */
  readonly supervised?: SupervisedOptions;
}

/** Resources that a supervisor provides. */
export interface SupervisedOptions {
  /** A running, migrated database. */
  readonly databaseUrl: string;
  readonly siblings: SiblingMetrics;
}

/** A running gateway. */
export interface Gateway {
  readonly app: NestFastifyApplication;
  /** Address of the main listener. */
  readonly url: string;
  /** Address of `/health`, `/metrics` and `/docs`. */
  readonly opsUrl: string;
  /** Stops accepting work, finishes what is in flight, then stops everything that it started. */
  close(): Promise<void>;
}

/** Starts a process of the gateway in its configured role. On failure, everything already started is stopped. */
export async function startGateway({
  settings,
  config,
  origins,
  demo,
  logger,
  supervised,
}: GatewayOptions): Promise<Gateway> {
  /** Shutdown steps, run in reverse order. */
  const started: Cleanup[] = [];
  const close = (): Promise<void> => cleanUp(started);
  try {
    const databaseUrl = supervised?.databaseUrl ?? (await prepareDatabase(settings, logger, started));
    const queueStore = await openQueueStore(settings, databaseUrl, started);

    const app = await NestFactory.create<NestFastifyApplication>(
      AppModule.for({
        ...{ settings, config, origins, demo, logger, databaseUrl, queueStore },
        siblings: supervised?.siblings,
      }),
      createFastifyAdapter(
        {
          limits: config.http,
          maxWebhookBytes: config.intake.maxBodyBytes,
          trustedProxies: settings.trustedProxies,
        },
        logger,
      ),
      { bodyParser: false, logger: new NestLogger(logger), abortOnError: false },
    );
    started.push(() => app.close());
    app.useGlobalFilters(new ErrorFilter(logger));
    const readiness = app.get(Readiness);
    const fastify = app.getHttpAdapter().getInstance();
    closeConnectionsOnStop(app, readiness);
    const opsListener = settings.ops && addOpsListener(fastify, config.http, logger);
    if (settings.role !== 'worker') serveApiDescription(app);
    await app.init();
    const url = await fastify.listen({
      host: settings.host,
      port: settings.port,
      backlog: LISTEN_BACKLOG,
    });
    started.push(() => opsListener?.close());
    const opsUrl =
      settings.ops && opsListener ? await opsListener.listen(settings.ops.host, settings.ops.port) : url;
    started.push(async () => {
      readiness.stop();
      if (settings.role !== 'worker') await sleep(settings.shutdownDelayMs);
    });
    return { app, url, opsUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Closes each connection after its next response once stopping, so that clients reconnect elsewhere. */
function closeConnectionsOnStop(app: NestFastifyApplication, readiness: Readiness): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (_request, reply, done) => {
    if (readiness.isStopping) void reply.header('connection', 'close');
    done();
  });
}
