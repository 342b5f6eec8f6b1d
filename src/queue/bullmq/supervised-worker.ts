// Works around workers of BullMQ 6.7 that stop fetching: after a failover or a stall of the store, a connection of
// BullMQ or ioredis may wait forever for an answer (BullMQ issues 4479 and 4585 are examples; ADR 0035).
// Delete when BullMQ limits the wait for each answer and reconnects; `test/faults/stalled-worker.spec.ts` must pass
// without this file.

import type { Worker } from 'bullmq';
import type { Logger } from '../../platform/logging/logger.js';
import { within } from '../../platform/timing/within.js';
import type { PulsingWorker } from './pulsing-worker.js';
import type { QueueName } from '../jobs.js';
import type { ShardOfQueue } from '../shards.js';

/** Interval of checks in ms. */
const CHECK_EVERY_MS = 2_500;
/** Consecutive checks (10 s) with due jobs and no fetch; BullMQ fetches every 5 s. */
const CHECKS_WITHOUT_FETCH = 4;
/** Consecutive checks (20 s) without a search for stalled jobs; BullMQ searches every 5 s. */
const CHECKS_WITHOUT_SEARCH = 8;
/** Maximum time in ms for the jobs in progress of a replaced worker. */
const RETIRED_FOR_MS = 30_000;
/** Maximum time in ms to close a worker and its connections; longer than the grace period of `QueueWorker`. */
const CLOSE_WITHIN_MS = 12_000;

export type Listener = Parameters<Worker['on']>;

export interface ConnectedWorker {
  readonly worker: PulsingWorker;
  /** Closes connections that were opened for this worker alone. */
  readonly disconnect: () => void;
}

export interface Supervision {
  /** Creates the worker; a replacement gets separate connections. */
  readonly create: (isReplacement: boolean) => ConnectedWorker;
  /**
   * Counts the jobs that a worker could fetch now, over a connection other than the worker's.
   *
   * @throws QueueUnavailable if the store does not answer; then the worker is not at fault.
   */
  readonly dueJobs: () => Promise<number>;
  readonly logger: Logger;
}

/**
 * Replaces its worker by one with new connections if jobs are due and none is fetched.
 *
 * Jobs in progress on the old worker may finish there, with effect.
 */
export class SupervisedWorker {
  private readonly facts: { readonly queue: QueueName; readonly shard: number };
  private current: ConnectedWorker;
  private readonly listeners: Listener[] = [];
  private readonly retired = new Set<ConnectedWorker>();
  private readonly timer: NodeJS.Timeout;
  private checking = false;
  private seen = { fetches: 0, searches: 0 };
  private withoutFetch = 0;
  private withoutSearch = 0;
  /** True from the replacement until the new worker's first answer. */
  private stalled = false;
  private closing = false;

  constructor(
    { queueName, shard }: ShardOfQueue,
    private readonly supervision: Supervision,
    checkEveryMs: number = CHECK_EVERY_MS,
  ) {
    this.facts = { queue: queueName, shard };
    this.current = supervision.create(false);
    this.timer = setInterval(() => void this.check(), checkEveryMs).unref();
  }

  private get worker(): PulsingWorker {
    return this.current.worker;
  }

  set concurrency(jobs: number) {
    this.worker.concurrency = jobs;
  }

  /** Whether it is known to fetch jobs. */
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
    // A dead connection may never close. Jobs in progress return to the queue when their locks expire.
    await within(CLOSE_WITHIN_MS, Promise.all(ends)).catch((err: unknown) => {
      this.supervision.logger.warn({ ...this.facts, err }, 'worker.close_failed');
    });
  }

  private async check(): Promise<void> {
    const { fetches, searches, jobsInProgress } = this.worker.pulse;
    if (fetches > this.seen.fetches) this.withoutFetch = 0;
    if (searches > this.seen.searches) this.withoutSearch = 0;
    if (this.stalled && (fetches > this.seen.fetches || searches > this.seen.searches)) this.recovered();
    this.seen = { fetches, searches };
    if (this.checking || this.closing) return;
    this.checking = true;
    try {
      // If the store answers others, a silent worker is at fault.
      const due = await this.supervision.dueJobs();
      const hasRoom = jobsInProgress < this.worker.concurrency;
      this.withoutFetch =
        due > 0 && hasRoom && fetches === this.worker.pulse.fetches ? this.withoutFetch + 1 : 0;
      this.withoutSearch += 1;
      if (this.withoutFetch >= CHECKS_WITHOUT_FETCH) this.replace('jobs are due and none is fetched', due);
      else if (this.withoutSearch >= CHECKS_WITHOUT_SEARCH)
        this.replace('its connection does not answer', due);
    } catch {
      this.withoutFetch = 0;
      this.withoutSearch = 0;
    } finally {
      this.checking = false;
    }
  }

  private replace(why: string, dueJobs: number): void {
    if (this.closing) return;
    const { supervision, current: old } = this;
    supervision.logger.error({ ...this.facts, why, dueJobs }, 'worker.stalled');
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
    this.supervision.logger.info(this.facts, 'worker.recovered');
  }

  /** Stops fetching, and closes when its jobs have ended or exceeded their time. */
  private async retire(old: ConnectedWorker): Promise<void> {
    this.retired.add(old);
    const { worker, disconnect } = old;
    await worker.pause(true);
    for (
      const until = performance.now() + RETIRED_FOR_MS;
      worker.pulse.jobsInProgress > 0 && !this.closing;
    ) {
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
