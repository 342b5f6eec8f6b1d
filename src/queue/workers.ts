import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { watchClock } from './clock-watch.js';
import { JobQueue } from './job-queue.js';
import { QueueWorker } from './queue-worker.js';
import { OrphanedShards } from './bullmq/orphaned-shards.js';
import { AdaptiveConcurrency } from './adaptive-concurrency.js';

/** A process that still knows of more shards may store something in one of them at any time. */
const ORPHANED_SHARDS_EVERY_MS = 60_000;
const START_AGAIN_AFTER_MS = 5_000;

/** The workers of this process. */
@Injectable()
export class Workers implements BeforeApplicationShutdown {
  private looking: NodeJS.Timeout | undefined;
  private stopWatching: (() => void) | undefined;
  private readonly startingAgain = new Set<NodeJS.Timeout>();
  /** Queues of old shards that were told of. */
  private readonly told = new Set<string>();

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
    this.stopWatching = watchClock((byMs) => void this.timeAgain(byMs));
    this.looking = setInterval(() => void this.drainOrphanedShards(), ORPHANED_SHARDS_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.looking);
    for (const again of this.startingAgain) clearTimeout(again);
    this.stopWatching?.();
  }

  /** Up where every worker of this process is running; a process without workers is none the worse. */
  health(): { status: 'up' | 'down'; detail: string } {
    const workers = this.all();
    const stopped = workers.filter(({ sharded }) => !sharded.isHealthy).map(({ sharded }) => sharded.name);
    if (stopped.length > 0) return { status: 'down', detail: `${stopped.join(', ')} stopped` };
    return { status: 'up', detail: workers.length === 0 ? 'none in this role' : `${workers.length} running` };
  }

  /** Tries until it works: the store may be away while the process starts. */
  private async begin(worker: QueueWorker): Promise<void> {
    try {
      await worker.start?.();
    } catch (err) {
      this.logger.warn({ queue: worker.sharded.name, err }, 'worker.start_failed');
      const again = setTimeout(() => {
        this.startingAgain.delete(again);
        void this.begin(worker);
      }, START_AGAIN_AFTER_MS).unref();
      this.startingAgain.add(again);
    }
  }

  private async timeAgain(byMs: number): Promise<void> {
    try {
      this.logger.warn({ byMs, jobs: await this.queue.timeAgain() }, 'queue.clock_set_back');
    } catch (err) {
      this.logger.error({ byMs, err }, 'queue.clock_set_back: delayed jobs may wait as much longer');
    }
  }

  /** Works off what was stored while there were more shards. */
  private async drainOrphanedShards(): Promise<void> {
    const found = await this.orphanedShards.find().catch((err: unknown) => {
      this.logger.warn({ err }, 'queue.orphaned_shards_unknown');
      return [];
    });
    for (const old of found) {
      if (!this.told.has(old.prefix)) this.logger.warn(old, 'queue.orphaned_shard_holds_jobs');
      this.told.add(old.prefix);
      if (old.jobs === 0) continue;
      for (const { sharded } of this.all()) {
        if (sharded.name === old.queueName) sharded.workOn(old.shard);
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
