import { Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../platform/logging/logger.js';
import { Authenticators } from '../platform/auth/request-authenticator.js';
import { PROCESS_SETTINGS } from '../platform/config/config.module.js';
import type { ProcessSettings } from '../platform/config/process-settings.js';
import { HealthItems } from '../platform/health/health-items.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { JobQueue } from '../queue/job-queue.js';
import { FirstRequests } from './backend/first-requests.js';
import { SendController } from '../notifications/send.controller.js';
import { Resend } from '../notifications/resend.js';
import { WebhookAuthenticator } from './webhook.authenticator.js';
import { Intake } from '../notifications/intake.js';
import { Drainer } from '../queue/spool/drainer.js';
import { DurableStore } from '../queue/spool/durable-store.js';
import { Spool } from '../queue/spool/spool.js';
import { WebhooksController } from './webhooks.controller.js';

const BYTES_PER_MB = 1_048_576;

/** Stage 1, IN: checks who calls, checks what came, recognises repeats, stores durably, answers. */
@Module({
  controllers: [WebhooksController, SendController],
  providers: [
    WebhookAuthenticator,
    Intake,
    DurableStore,
    {
      provide: Drainer,
      useFactory: (spool: Spool, queue: JobQueue, logger: Logger) => new Drainer(spool, queue, logger),
      inject: [Spool, JobQueue, LOGGER],
    },
    {
      provide: Spool,
      useFactory: ({ spoolDir, spoolMaxMb }: ProcessSettings, metrics: Metrics, logger: Logger) =>
        new Spool({ directory: spoolDir, maxBytes: spoolMaxMb * BYTES_PER_MB }, metrics, logger),
      inject: [PROCESS_SETTINGS, Metrics, LOGGER],
    },
    Resend,
    FirstRequests,
  ],
})
export class WebhooksModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly authenticators: Authenticators,
    private readonly authenticator: WebhookAuthenticator,
    private readonly metrics: Metrics,
    private readonly spool: Spool,
    private readonly health: HealthItems,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.spool.open();
    this.health.add('spool', () => this.spool.health());
    this.authenticators.set('webhook', this.authenticator);
    this.host.httpAdapter.getInstance<FastifyInstance>().addHook('onResponse', async (request, reply) => {
      if (request.routeOptions.config.access !== 'webhook' || reply.statusCode < 400) return;
      const route = request.routeOptions.url?.endsWith('/sms') ? 'sms' : 'push';
      this.metrics.webhooks.inc({ route, answer: String(reply.statusCode) });
    });
  }

  /** Requests that were under way have been answered by now. */
  async onApplicationShutdown(): Promise<void> {
    await this.spool.close();
  }
}
