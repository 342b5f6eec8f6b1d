import { OnWorkerEvent, WorkerHost } from '@nestjs/bullmq';
import { Inject, type BeforeApplicationShutdown } from '@nestjs/common';
import { UnrecoverableError, type Job, type WorkerOptions } from 'bullmq';
import type { Logger } from '../platform/logging/logger.js';
import { readPayload } from './job-payload.js';
import { JOB_POLICIES, type JobName, type Jobs } from './jobs.js';
import { JobIsolation } from './job-isolation.js';
import { retryDelayMs } from '../platform/timing/retry-delay.js';
import type { ShardedWorker } from './bullmq/sharded-worker.js';

/** Time in ms after a stop request until jobs in progress are aborted. */
const GRACE_MS = 10_000;
/** Delay in ms of a job that only a newer version can run. */
const LEAVE_FOR_NEWER_MS = 10_000;

/** Returns a job to the queue for later. Not a failure; logged by the code that throws it. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  /** Whole milliseconds: BullMQ's PostgreSQL backend rejects fractions; the job stays active until unlocked. */
  readonly delayMs: number;

  constructor(delayMs: number, why: string) {
    super(why);
    this.delayMs = Math.ceil(delayMs);
  }
}

/** Ends the retries of a job that needs an operator. */
export class DeadLetter extends UnrecoverableError {
  override readonly name = 'DeadLetter';
}

/**
 * Options of every worker. A crashed worker's jobs are retried by another once their locks expire, without limit: BullMQ
 * counts a crash against every job in the process. `JobIsolation` dead-letters the one that caused it.
 */
export const WORKER_OPTIONS = {
  lockDuration: 15_000,
  // Pause after a failed fetch; a longer one would delay jobs when the store returns.
  runRetryDelay: 1_000,
  stalledInterval: 5_000,
  maxStalledCount: 1_000_000,
  settings: {
    backoffStrategy: (triesMade: number, _type?: string, error?: Error, job?: { name: string }): number =>
      error instanceof RetryLater
        ? error.delayMs
        : retryDelayMs(triesMade, JOB_POLICIES[job?.name as JobName]),
  },
} satisfies Partial<WorkerOptions>;

/** A job as passed to a worker. */
export type QueueJob<N extends JobName> = Job<Jobs[N], void, N>;

/** Base class of workers: validates payloads, logs failures, and shuts down in order. */
export abstract class QueueWorker extends WorkerHost implements BeforeApplicationShutdown {
  /** Lowers the concurrency of the process's other workers. */
  readonly isForCalls: boolean = false;

  @Inject(JobIsolation) private readonly isolation!: JobIsolation;

  constructor(
    protected readonly logger: Logger,
    /** Maximum concurrent jobs. */
    readonly concurrency: number,
  ) {
    super();
  }

  /** @nestjs/bullmq types the worker as BullMQ's. */
  get sharded(): ShardedWorker {
    return this.worker as unknown as ShardedWorker;
  }

  /** Runs once at start, for example to schedule a repeating job. */
  start?(): Promise<void>;

  /**
   * Runs a job with a valid payload.
   *
   * @param signal aborts work in progress at shutdown.
   * @param crashes how often it may have crashed its process (`JobIsolation`).
   * @throws RetryLater, DeadLetter; any other error retries the job by its policy.
   */
  protected abstract handle(job: Job, signal: AbortSignal, crashes: number): Promise<void>;

  /** Records a dead-lettered job outside the queue. */
  protected async markDeadLettered(_job: Job): Promise<void> {}

  /** BullMQ passes a signal only to a function of three parameters. */
  override async process(job: Job, _token?: string, signal?: AbortSignal): Promise<void> {
    try {
      this.assertReadable(job);
      const work = (crashes: number): Promise<void> =>
        this.handle(job, signal ?? new AbortController().signal, crashes);
      if (await this.isolation.run(job, work)) return;
      throw new DeadLetter('it crashed its process repeatedly, last while running alone');
    } catch (error) {
      if (error instanceof DeadLetter) {
        await this.markDeadLettered(job).catch((err: unknown) =>
          this.logger.warn({ err, jobId: job.id, job: job.name }, 'job.dead_letter_not_recorded'),
        );
      }
      throw error;
    }
  }

  /** Stops fetching, lets jobs in progress finish, and aborts the rest after the grace period. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isolation.stop(new RetryLater(1_000, 'the process is stopping'));
    const abort = setTimeout(() => this.sharded.cancelAllJobs('shutdown'), GRACE_MS);
    await this.sharded.close();
    clearTimeout(abort);
  }

  @OnWorkerEvent('error')
  onError(err: Error): void {
    this.logger.warn({ err }, 'worker.connection_failed');
  }

  @OnWorkerEvent('failed')
  onFailed(job: Job | undefined, err: Error): void {
    const exhausted = job !== undefined && job.attemptsMade >= (job.opts.attempts ?? 1);
    const fields = { queue: job?.queueName, jobId: job?.id, job: job?.name, triesMade: job?.attemptsMade };
    if (err instanceof DeadLetter) {
      const notificationId = (job?.data as { notificationId?: string } | undefined)?.notificationId;
      this.logger.error({ ...fields, notificationId, why: err.message }, 'job.dead_lettered');
      return;
    }
    if (err instanceof RetryLater && !exhausted) return;
    if (exhausted) this.logger.error({ ...fields, err }, 'job.retries_exhausted');
    else this.logger.warn({ ...fields, err }, 'job.failed');
  }

  /** During a rolling upgrade, jobs of a newer version are left to newer processes. */
  private assertReadable(job: Job): void {
    const reading = readPayload(job.name, job.data);
    if (reading.state === 'readable') return;
    if (reading.state === 'senseless') throw new DeadLetter(reading.why);
    const { version } = reading;
    this.logger.warn({ queue: job.queueName, jobId: job.id, job: job.name, version }, 'job.too_new');
    throw new RetryLater(LEAVE_FOR_NEWER_MS, 'only a newer version can run it');
  }
}
