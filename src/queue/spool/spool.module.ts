import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { PROCESS_SETTINGS } from '../../platform/config/config.module.js';
import type { ProcessSettings } from '../../platform/config/process-settings.js';
import { HealthItems } from '../../platform/health/health-items.js';
import type { Logger } from '../../platform/logging/logger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { JobQueue } from '../job-queue.js';
import { Drainer } from './drainer.js';
import { DurableStore } from './durable-store.js';
import { Spool } from './spool.js';

const BYTES_PER_MB = 1_048_576;

/** Durable storage of events: the queue, and the spool while the queue is unavailable. Workers have no spool. */
@Module({
  providers: [
    DurableStore,
    {
      provide: Drainer,
      useFactory: (spool: Spool, queue: JobQueue, logger: Logger) => new Drainer(spool, queue, logger),
      inject: [Spool, JobQueue, LOGGER],
    },
    {
      provide: Spool,
      useFactory: (
        { role, spoolDir: directory, spoolMaxMb }: ProcessSettings,
        metrics: Metrics,
        logger: Logger,
      ) => {
        const maxBytes = role === 'worker' ? 0 : spoolMaxMb * BYTES_PER_MB;
        return new Spool({ directory, maxBytes }, metrics, logger);
      },
      inject: [PROCESS_SETTINGS, Metrics, LOGGER],
    },
  ],
  exports: [DurableStore, Spool],
})
export class SpoolModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly spool: Spool,
    private readonly health: HealthItems,
    @Inject(PROCESS_SETTINGS) private readonly settings: ProcessSettings,
  ) {}

  async onModuleInit(): Promise<void> {
    if (this.settings.role === 'worker') return;
    await this.spool.open();
    this.health.add('spool', () => this.spool.health());
  }

  /** Runs after the last request was answered. */
  async onApplicationShutdown(): Promise<void> {
    await this.spool.close();
  }
}
