import { RedisQueueBackend, type JobJson, type JobsOptions, type Queue } from 'bullmq';
import { Batcher } from '../../platform/batching/batcher.js';

/** A job on its way into its queue. */
export interface NewJob {
  readonly name: string;
  readonly data: unknown;
  readonly opts: JobsOptions & { readonly jobId: string };
}

/** One commit at a time: others would only wait for it. */
const ONE_COMMIT = { maxItems: 200, maxCalls: 1 };

const NOTHING_YET = {
  progress: 0,
  attemptsMade: 0,
  attemptsStarted: 0,
  stalledCounter: 0,
  failedReason: '',
  returnvalue: '',
} as const;

/**
 * Writes jobs into one queue.
 *
 * On PostgreSQL every commit that wakes a worker (NOTIFY) waits for all others of the database, so jobs that come at
 * the same time go into one. On Redis a call for each is faster than a call for several.
 */
export class JobWriter {
  private readonly together: Batcher<NewJob, string> | undefined;

  constructor(private readonly queue: Queue) {
    const onRedis = queue.getBackend() instanceof RedisQueueBackend;
    if (!onRedis) this.together = new Batcher((jobs) => this.writeTogether(jobs), ONE_COMMIT);
  }

  /** @returns the id of the job that stands in the queue for it: its own, or that of the one it repeats. */
  async write(job: NewJob): Promise<string> {
    if (this.together) return this.together.run(job);
    return this.queue.getBackend().addJob(storedForm(job), job.opts.jobId);
  }

  async writeAll(jobs: readonly NewJob[]): Promise<void> {
    const [only] = jobs;
    if (this.together) await Promise.all(jobs.map((job) => this.write(job)));
    // A transaction around one command only costs: most notifications have one delivery.
    else if (only && jobs.length === 1) await this.write(only);
    else await this.queue.addBulk([...jobs]);
  }

  /** In the order of what they are recognised by, so that two processes never wait for each other in a circle. */
  private async writeTogether(jobs: readonly NewJob[]): Promise<string[]> {
    const keyOf = (job: NewJob): string => job.opts.deduplication?.id ?? '';
    const sorted = [...jobs].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
    const written = await this.queue.addBulk(sorted);
    const ids = new Map(sorted.map((job, index) => [job, written[index]?.id ?? job.opts.jobId]));
    return jobs.map((job) => ids.get(job) ?? job.opts.jobId);
  }
}

/** What `queue.add` makes of a job, without the object that stands for it here: nobody looks at it. */
function storedForm({ name, data, opts: { jobId: id, ...opts } }: NewJob): JobJson {
  return {
    id,
    name,
    data: JSON.stringify(data),
    opts,
    timestamp: Date.now(),
    ...(opts.deduplication && { deduplicationId: opts.deduplication.id }),
    ...NOTHING_YET,
  };
}
