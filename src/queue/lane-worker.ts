import { OnWorkerEvent, WorkerHost } from '@nestjs/bullmq';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { Job, WorkerOptions } from 'bullmq';
import type { Logger } from 'pino';
import { JOB_POLICIES, type JobName, type Jobs } from './jobs.js';
import { retryDelayMs } from './retry-delay.js';

/** How long work in flight may go on after a stop was asked for, in milliseconds; then it is aborted. */
const GRACE_MS = 10_000;

/** Thrown by a worker that wants its job back later: not a failure of the job, and logged by whoever throws it. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';

  constructor(
    readonly delayMs: number,
    why: string,
  ) {
    super(why);
  }
}

/**
 * How every worker runs. A job whose worker dies is taken up by another after the lock time; one that does so five
 * times is taken to be what kills it, and is set aside.
 */
export const WORKER_OPTIONS = {
  lockDuration: 15_000,
  stalledInterval: 5_000,
  maxStalledCount: 5,
  settings: {
    backoffStrategy: (triesMade: number, _type?: string, error?: Error, job?: { name: string }): number =>
      error instanceof TryAgain ? error.delayMs : retryDelayMs(triesMade, JOB_POLICIES[job?.name as JobName]),
  },
} satisfies Partial<WorkerOptions>;

/** A job as a worker is given it. */
export type LaneJob<N extends JobName> = Job<Jobs[N], void, N>;

/** One worker on one lane: logs what goes wrong with it, and ends it in order. */
export abstract class LaneWorker extends WorkerHost implements BeforeApplicationShutdown {
  constructor(
    protected readonly logger: Logger,
    /** Jobs that it takes on at once. */
    readonly concurrency: number,
  ) {
    super();
  }

  /** What has to be done once when the worker begins, such as ordering a job that comes again and again. */
  start?(): Promise<void>;

  /** Takes no new job, lets those in flight finish, and aborts what is left when the grace time is over. */
  async beforeApplicationShutdown(): Promise<void> {
    const abort = setTimeout(() => this.worker.cancelAllJobs('shutdown'), GRACE_MS);
    await this.worker.close();
    clearTimeout(abort);
  }

  @OnWorkerEvent('error')
  onError(err: Error): void {
    this.logger.warn({ err }, 'worker.connection_failed');
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job | undefined, err: Error): void {
    const exhausted = job !== undefined && job.attemptsMade >= (job.opts.attempts ?? 1);
    const fields = { jobId: job?.id, job: job?.name, triesMade: job?.attemptsMade, err };
    if (err instanceof TryAgain && !exhausted) return;
    if (exhausted) this.logger.error(fields, 'job.given_up');
    else this.logger.warn(fields, 'job.failed');
  }
}
