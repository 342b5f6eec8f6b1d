import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { watchClock } from '../platform/timing/clock-watch.js';
import { JobQueue } from './job-queue.js';
import { QueueWorker } from './queue-worker.js';
import { OrphanedShards } from './bullmq/orphaned-shards.js';
import { AdaptiveConcurrency } from './adaptive-concurrency.js';

/** Interval in ms; a process with more shards may add jobs to an orphaned one at any time. */
const ORPHANED_SHARDS_EVERY_MS = 60_000;
const RETRY_START_AFTER_MS = 5_000;

/** The workers of this process. */
@Injectable()
export class Workers implements BeforeApplicationShutdown {
  private orphanTimer: NodeJS.Timeout | undefined;
  private stopWatching: (() => void) | undefined;
  private isStopping = false;
  /** Orphaned queues that were logged. */
  private readonly logged = new Set<string>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly orphanedShards: OrphanedShards,
    private readonly queue: JobQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    const workers = this.all();
    const adaptive = new AdaptiveConcurrency();
    for (const worker of workers) {
      const { sharded } = worker;
      sharded.concurrency = worker.concurrency;
      if (worker.isForCalls) sharded.on('active', () => adaptive.callCame());
      else adaptive.add(sharded, worker.concurrency);
    }
    await Promise.all(workers.map((worker) => this.begin(worker)));
    if (workers.length === 0) return;
    void this.drainOrphanedShards();
    this.stopWatching = watchClock((byMs) => void this.rescheduleAhead(byMs));
    this.orphanTimer = setInterval(() => void this.drainOrphanedShards(), ORPHANED_SHARDS_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
    clearInterval(this.orphanTimer);
    this.stopWatching?.();
  }

  /** Up if every worker of this process runs, or if it has none. */
  health(): { status: 'up' | 'down'; detail: string } {
    const workers = this.all();
    const stopped = workers.filter(({ sharded }) => !sharded.isHealthy).map(({ sharded }) => sharded.name);
    if (stopped.length > 0) return { status: 'down', detail: `${stopped.join(', ')} stopped` };
    return { status: 'up', detail: workers.length === 0 ? 'none in this role' : `${workers.length} running` };
  }

  /** Retries until the store is available. */
  private async begin(worker: QueueWorker): Promise<void> {
    if (this.isStopping) return;
    try {
      await worker.start?.();
    } catch (err) {
      this.logger.warn({ queue: worker.sharded.name, err }, 'worker.start_failed');
      setTimeout(() => void this.begin(worker), RETRY_START_AFTER_MS).unref();
    }
  }

  private async rescheduleAhead(byMs: number): Promise<void> {
    try {
      this.logger.warn({ byMs, jobs: await this.queue.rescheduleAhead() }, 'queue.clock_set_back');
    } catch (err) {
      this.logger.error({ byMs, err }, 'queue.clock_set_back: delayed jobs may wait as much longer');
    }
  }

  /** Starts workers on orphaned shards that hold jobs. */
  private async drainOrphanedShards(): Promise<void> {
    const found = await this.orphanedShards.find().catch((err: unknown) => {
      this.logger.warn({ err }, 'queue.orphaned_shards_unknown');
      return [];
    });
    for (const { queueName: queue, ...facts } of found) {
      if (!this.logged.has(facts.prefix))
        this.logger.warn({ queue, ...facts }, 'queue.orphaned_shard_holds_jobs');
      this.logged.add(facts.prefix);
      if (facts.jobs === 0) continue;
      for (const { sharded } of this.all()) {
        if (sharded.name === queue) sharded.workOn(facts.shard);
      }
    }
  }

  private all(): QueueWorker[] {
    return this.discovery
      .getProviders()
      .map(({ instance }: { instance: unknown }) => instance)
      .filter((instance): instance is QueueWorker => instance instanceof QueueWorker);
  }
}
