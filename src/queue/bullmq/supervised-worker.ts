import type { Worker } from 'bullmq';
import type { Logger } from '../../platform/logging/logger.js';
import { within } from '../../platform/timing/within.js';
import type { PulsingWorker } from './pulsing-worker.js';
import type { ShardOfQueue } from '../shards.js';

/** How often a worker is looked at, in ms. */
const LOOK_EVERY_MS = 2_500;
/** Looks in a row, 10 s, at which jobs are due and nothing is fetched. BullMQ itself fetches every 5 s. */
const LOOKS_WITHOUT_FETCH = 4;
/** Looks in a row, 20 s, without one search for jobs of dead workers, which BullMQ makes every 5 s. */
const LOOKS_WITHOUT_SEARCH = 8;
/** How long the jobs under way of a replaced worker may take, in ms. */
const RETIRED_FOR_MS = 30_000;
/** How long a stop waits for the worker and its connections, in ms: longer than the grace time of `QueueWorker`. */
const CLOSE_WITHIN_MS = 12_000;

export type Listener = Parameters<Worker['on']>;

export interface ConnectedWorker {
  readonly worker: PulsingWorker;
  /** Ends what was opened for this worker alone. */
  readonly disconnect: () => void;
}

export interface Supervision {
  /** Creates the worker; a replacement has connections of its own. */
  readonly create: (isReplacement: boolean) => ConnectedWorker;
  /**
   * Counts the jobs that a worker could fetch now, over a connection that is not the worker's.
   *
   * @throws QueueUnavailable where the store does not answer: then no worker is to blame.
   */
  readonly dueJobs: () => Promise<number>;
  readonly logger: Logger;
}

/**
 * A worker that is replaced when it stops fetching.
 *
 * After a failover or a stall of the store, a connection of BullMQ or ioredis may wait forever for an answer, and the
 * worker with it (BullMQ issues 4479 and 4585 are examples). Jobs then wait in the queue while the process looks
 * healthy. The supervisor compares what the store holds with what the worker does, and replaces a worker without
 * progress by one with new connections. Jobs under way on the old one may end there; their results count as always.
 */
export class SupervisedWorker {
  private current: ConnectedWorker;
  private readonly listeners: Listener[] = [];
  private readonly retired = new Set<ConnectedWorker>();
  private readonly timer: NodeJS.Timeout;
  private looking = false;
  private seen = { fetches: 0, searches: 0 };
  private withoutFetch = 0;
  private withoutSearch = 0;
  /** From the replacement until the new worker's first answer. */
  private stalled = false;
  private closing = false;

  constructor(
    readonly place: ShardOfQueue,
    private readonly supervision: Supervision,
    lookEveryMs: number = LOOK_EVERY_MS,
  ) {
    this.current = supervision.create(false);
    this.timer = setInterval(() => void this.look(), lookEveryMs).unref();
  }

  private get worker(): PulsingWorker {
    return this.current.worker;
  }

  set concurrency(jobs: number) {
    this.worker.concurrency = jobs;
  }

  /** Whether it fetches jobs, as far as anybody knows. */
  get isHealthy(): boolean {
    return this.worker.isRunning() && !this.stalled;
  }

  on(...listener: Listener): void {
    this.listeners.push(listener);
    this.worker.on(...listener);
  }

  cancelAllJobs(reason?: string): void {
    for (const { worker } of [this.current, ...this.retired]) worker.cancelAllJobs(reason);
  }

  async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.timer);
    const ends = [
      this.worker.close(this.stalled),
      ...[...this.retired].map(({ worker }) => worker.close(true)),
    ];
    // A dead connection may never end. Jobs under way return to the queue when their locks expire.
    await within(CLOSE_WITHIN_MS, Promise.all(ends)).catch((err: unknown) => {
      this.supervision.logger.warn({ ...this.place, err }, 'worker.close_failed');
    });
  }

  private async look(): Promise<void> {
    const { fetches, searches, jobsUnderWay } = this.worker.pulse;
    if (fetches > this.seen.fetches) this.withoutFetch = 0;
    if (searches > this.seen.searches) this.withoutSearch = 0;
    if (this.stalled && (fetches > this.seen.fetches || searches > this.seen.searches)) this.recovered();
    this.seen = { fetches, searches };
    if (this.looking || this.closing) return;
    this.looking = true;
    try {
      // A store that answers others proves that the worker's silence is its own.
      const due = await this.supervision.dueJobs();
      const hasRoom = jobsUnderWay < this.worker.concurrency;
      this.withoutFetch =
        due > 0 && hasRoom && fetches === this.worker.pulse.fetches ? this.withoutFetch + 1 : 0;
      this.withoutSearch += 1;
      if (this.withoutFetch >= LOOKS_WITHOUT_FETCH) this.replace('jobs are due and none is fetched', due);
      else if (this.withoutSearch >= LOOKS_WITHOUT_SEARCH)
        this.replace('its connection does not answer', due);
    } catch {
      this.withoutFetch = 0;
      this.withoutSearch = 0;
    } finally {
      this.looking = false;
    }
  }

  private replace(why: string, dueJobs: number): void {
    if (this.closing) return;
    const { place, supervision, current: old } = this;
    supervision.logger.error({ ...place, why, dueJobs }, 'worker.stalled');
    this.stalled = true;
    this.withoutFetch = 0;
    this.withoutSearch = 0;
    this.seen = { fetches: 0, searches: 0 };
    this.current = supervision.create(true);
    for (const listener of this.listeners) this.worker.on(...listener);
    void this.retire(old);
  }

  private recovered(): void {
    this.stalled = false;
    this.supervision.logger.info(this.place, 'worker.recovered');
  }

  /** Fetches nothing more, and ends when its jobs have ended or their time is over. */
  private async retire(old: ConnectedWorker): Promise<void> {
    this.retired.add(old);
    const { worker, disconnect } = old;
    await worker.pause(true);
    for (const until = performance.now() + RETIRED_FOR_MS; worker.pulse.jobsUnderWay > 0 && !this.closing;) {
      if (performance.now() > until) {
        worker.cancelAllJobs('its worker was replaced');
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 500).unref());
    }
    this.retired.delete(old);
    await within(CLOSE_WITHIN_MS, worker.close(true)).catch(() => undefined);
    disconnect();
  }
}
