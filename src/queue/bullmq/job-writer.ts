// Replaces `queue.add` of BullMQ 6.7 on PostgreSQL, where it commits each job separately (ADR 0025).
// Delete when BullMQ coalesces concurrent `add` calls.

import { RedisQueueBackend, type JobsOptions, type Queue } from 'bullmq';
import { Batcher } from '../../platform/batching/batcher.js';

/** A job to be written to its queue. */
export interface NewJob {
  readonly name: string;
  readonly data: unknown;
  readonly opts: JobsOptions & { readonly jobId: string };
}

/** One commit at a time, because concurrent commits wait for each other. */
const ONE_COMMIT = { maxItems: 200, maxCalls: 1 };

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
    return idOf(await this.queue.add(job.name, job.data, job.opts), job);
  }

  /** Sorted by dedupe key so that concurrent batches cannot deadlock. */
  private async writeBatch(jobs: readonly NewJob[]): Promise<string[]> {
    const keyOf = (job: NewJob): string => job.opts.deduplication?.id ?? '';
    const sorted = [...jobs].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
    const written = await this.queue.addBulk(sorted);
    const ids = new Map(sorted.map((job, index) => [job, idOf(written[index], job)]));
    return jobs.map((job) => idOf({ id: ids.get(job) }, job));
  }
}

const idOf = (stored: { readonly id?: string | undefined } | undefined, { opts }: NewJob): string =>
  stored?.id ?? opts.jobId;
