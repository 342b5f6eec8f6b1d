// Replaces `queue.add` of BullMQ 6.7 (`classes/queue.js`), which creates a `Job` object for each job and stores default
// options, and on PostgreSQL commits each job separately (ADR 0025).
// Delete when BullMQ coalesces concurrent `add` calls, and `npm run bench:intake` shows no cost for `queue.add`.

import { RedisQueueBackend, type JobJson, type JobsOptions, type Queue } from 'bullmq';
import { Batcher } from '../../platform/batching/batcher.js';

/** A job to be written to its queue. */
export interface NewJob {
  readonly name: string;
  readonly data: unknown;
  readonly opts: JobsOptions & { readonly jobId: string };
}

/** One commit at a time, because concurrent commits wait for each other. */
const ONE_COMMIT = { maxItems: 200, maxCalls: 1 };

const INITIAL_STATE = {
  progress: 0,
  attemptsMade: 0,
  attemptsStarted: 0,
  stalledCounter: 0,
  failedReason: '',
  returnvalue: '',
} as const;

/**
 * Writes jobs to one queue.
 *
 * PostgreSQL serializes commits with a NOTIFY across the database, so concurrent jobs share a commit. On Redis, one
 * call per job is faster than one call for several.
 */
export class JobWriter {
  private readonly batcher: Batcher<NewJob, string> | undefined;

  constructor(private readonly queue: Queue) {
    const onRedis = queue.getBackend() instanceof RedisQueueBackend;
    if (!onRedis) this.batcher = new Batcher((jobs) => this.writeBatch(jobs), ONE_COMMIT);
  }

  /** @returns the id of the stored job: its own, or that of the job it duplicates. */
  async write(job: NewJob): Promise<string> {
    if (this.batcher) return this.batcher.run(job);
    return this.queue.getBackend().addJob(storedForm(job), job.opts.jobId);
  }

  async writeAll(jobs: readonly NewJob[]): Promise<void> {
    const [only] = jobs;
    if (this.batcher) await Promise.all(jobs.map((job) => this.write(job)));
    // Most notifications have one delivery, which needs no transaction.
    else if (only && jobs.length === 1) await this.write(only);
    else await this.queue.addBulk([...jobs]);
  }

  /** Sorted by dedupe key so that concurrent batches cannot deadlock. */
  private async writeBatch(jobs: readonly NewJob[]): Promise<string[]> {
    const keyOf = (job: NewJob): string => job.opts.deduplication?.id ?? '';
    const sorted = [...jobs].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
    const written = await this.queue.addBulk(sorted);
    const ids = new Map(sorted.map((job, index) => [job, written[index]?.id ?? job.opts.jobId]));
    return jobs.map((job) => ids.get(job) ?? job.opts.jobId);
  }
}

/** The job as `queue.add` stores it, without creating a `Job` object. */
function storedForm({ name, data, opts: { jobId: id, ...opts } }: NewJob): JobJson {
  return {
    id,
    name,
    data: JSON.stringify(data),
    opts,
    timestamp: Date.now(),
    ...(opts.deduplication && { deduplicationId: opts.deduplication.id }),
    ...INITIAL_STATE,
  };
}
