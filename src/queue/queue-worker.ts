import { OnWorkerEvent, WorkerHost } from '@nestjs/bullmq';
import { Inject, type BeforeApplicationShutdown } from '@nestjs/common';
import { UnrecoverableError, type Job, type WorkerOptions } from 'bullmq';
import type { Logger } from '../platform/logging/logger.js';
import { readPayload } from './job-payload.js';
import { JOB_POLICIES, type JobName, type Jobs } from './jobs.js';
import { JobIsolation } from './job-isolation.js';
import { retryDelayMs } from './retry-delay.js';
import type { ShardedWorker } from './bullmq/sharded-worker.js';

/** How long work in flight may go on after a stop was asked for, in milliseconds; then it is aborted. */
const GRACE_MS = 10_000;
/** How long a job that only a newer version can do is left for one, in milliseconds. */
const LEAVE_FOR_NEWER_MS = 10_000;

/** Thrown by a worker that wants its job back later: not a failure of the job, and logged by whoever throws it. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  /** Whole milliseconds: BullMQ's PostgreSQL backend refuses fractions, and the job then waits for its lock to expire. */
  readonly delayMs: number;

  constructor(delayMs: number, why: string) {
    super(why);
    this.delayMs = Math.ceil(delayMs);
  }
}

/** Thrown by a worker for a job that must not be tried again until a person has looked at it. */
export class DeadLetter extends UnrecoverableError {
  override readonly name = 'DeadLetter';
}

/**
 * How every worker runs. A job whose worker dies is taken up by another after the lock time, however often: when a
 * process dies, BullMQ counts that against every job in it, so its count sets nothing aside. `JobIsolation` does.
 */
export const WORKER_OPTIONS = {
  lockDuration: 15_000,
  // After a failed fetch. Longer than a store needs to come back would only delay what waits there.
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

/** A job as a worker is given it. */
export type QueueJob<N extends JobName> = Job<Jobs[N], void, N>;

/** One worker on one lane: looks at jobs before they are done, logs what goes wrong with them, and ends in order. */
export abstract class QueueWorker extends WorkerHost implements BeforeApplicationShutdown {
  /** All others of the process make way for it. */
  readonly isForCalls: boolean = false;

  @Inject(JobIsolation) private readonly isolation!: JobIsolation;

  constructor(
    protected readonly logger: Logger,
    /** Jobs that it takes on at once. */
    readonly concurrency: number,
  ) {
    super();
  }

  /** The framework knows the worker by the type of BullMQ's own. */
  get sharded(): ShardedWorker {
    return this.worker as unknown as ShardedWorker;
  }

  /** What has to be done once when the worker begins, such as ordering a job that comes again and again. */
  start?(): Promise<void>;

  /**
   * Does a job whose payload makes sense.
   *
   * @param signal aborts what is still in hand when the process has to stop.
   * @throws RetryLater, DeadLetter; whatever else it throws has the job tried again by the policy of its kind.
   */
  protected abstract handle(job: Job, signal: AbortSignal): Promise<void>;

  /** Has it known elsewhere that a job waits for a person. */
  protected async markDeadLettered(_job: Job): Promise<void> {}

  /** BullMQ gives a signal only to a function of three parameters. */
  override async process(job: Job, _token?: string, signal?: AbortSignal): Promise<void> {
    try {
      this.assertReadable(job);
      const work = (): Promise<void> => this.handle(job, signal ?? new AbortController().signal);
      if (await this.isolation.run(job, work)) return;
      throw new DeadLetter('it ended its process again and again, at last with nothing else in hand');
    } catch (error) {
      if (error instanceof DeadLetter) {
        await this.markDeadLettered(job).catch((err: unknown) =>
          this.logger.warn({ err, jobId: job.id, job: job.name }, 'job.dead_letter_not_recorded'),
        );
      }
      throw error;
    }
  }

  /** Takes no new job, lets those in flight finish, and aborts what is left when the grace time is over. */
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

  /** While versions are exchanged one by one, an old process may see what a new one has written: that is left for it. */
  private assertReadable(job: Job): void {
    const reading = readPayload(job.name, job.data);
    if (reading.state === 'readable') return;
    if (reading.state === 'senseless') throw new DeadLetter(reading.why);
    const { version } = reading;
    this.logger.warn({ queue: job.queueName, jobId: job.id, job: job.name, version }, 'job.too_new');
    throw new RetryLater(LEAVE_FOR_NEWER_MS, 'only a newer version can do it');
  }
}
