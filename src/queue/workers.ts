import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Logger } from 'pino';
import { LOGGER } from '../platform/logging/logging.module.js';
import { watchClock } from './clock-watch.js';
import { JobQueue } from './job-queue.js';
import { LaneWorker } from './lane-worker.js';
import { OldShards } from './old-shards.js';
import { Pace } from './pace.js';
import { isSpread } from './spread-worker.js';

/** A process that still knows of more shards may store something in one of them at any time. */
const LOOK_FOR_OLD_SHARDS_EVERY_MS = 60_000;

/** The workers of this process. */
@Injectable()
export class Workers implements BeforeApplicationShutdown {
  private looking: NodeJS.Timeout | undefined;
  private stopWatching: (() => void) | undefined;
  /** Queues of old shards that were told of. */
  private readonly told = new Set<string>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly oldShards: OldShards,
    private readonly queue: JobQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    const workers = this.all();
    const pace = new Pace();
    for (const worker of workers) {
      worker.worker.concurrency = worker.concurrency;
      if (worker.isForCalls) worker.worker.on('active', () => pace.callCame());
      else pace.add(worker.worker, worker.concurrency);
      await worker.start?.();
    }
    if (workers.length === 0) return;
    void this.emptyOldShards();
    this.stopWatching = watchClock((byMs) => void this.timeAgain(byMs));
    this.looking = setInterval(() => void this.emptyOldShards(), LOOK_FOR_OLD_SHARDS_EVERY_MS).unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.looking);
    this.stopWatching?.();
  }

  /** Up where every worker of this process is running; a process without workers is none the worse. */
  health(): { status: 'up' | 'down'; detail: string } {
    const workers = this.all();
    const stopped = workers.filter(({ worker }) => !worker.isRunning()).map(({ worker }) => worker.name);
    if (stopped.length > 0) return { status: 'down', detail: `${stopped.join(', ')} stopped` };
    return { status: 'up', detail: workers.length === 0 ? 'none in this role' : `${workers.length} running` };
  }

  private async timeAgain(byMs: number): Promise<void> {
    try {
      this.logger.warn({ byMs, jobs: await this.queue.timeAgain() }, 'queue.clock_set_back');
    } catch (err) {
      this.logger.error({ byMs, err }, 'queue.clock_set_back: delayed jobs may wait as much longer');
    }
  }

  /** Works off what was stored while there were more shards. */
  private async emptyOldShards(): Promise<void> {
    const found = await this.oldShards.find().catch((err: unknown) => {
      this.logger.warn({ err }, 'queue.old_shards_unknown');
      return [];
    });
    for (const old of found) {
      if (!this.told.has(old.prefix)) this.logger.warn(old, 'queue.old_shard_holds_jobs');
      this.told.add(old.prefix);
      if (old.jobs === 0) continue;
      for (const { worker } of this.all()) {
        if (worker.name === old.lane && isSpread(worker)) worker.workOn(old.shard);
      }
    }
  }

  private all(): LaneWorker[] {
    return this.discovery
      .getProviders()
      .map(({ instance }: { instance: unknown }) => instance)
      .filter((instance): instance is LaneWorker => instance instanceof LaneWorker);
  }
}
