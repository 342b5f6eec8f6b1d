import { Injectable } from '@nestjs/common';
import { RedisQueueBackend, type JobsOptions, type Queue } from 'bullmq';
import { JobWriter, type NewJob } from './job-writer.js';
import { JOB_POLICIES, LANES, type JobName, type Jobs, type Lane } from './jobs.js';

/** The queue's store cannot be reached, or did not answer in time: nothing was promised. */
export class QueueUnavailable extends Error {
  override readonly name = 'QueueUnavailable';
}

export interface JobOrder<N extends JobName> {
  readonly lane: Lane;
  readonly name: N;
  readonly id: string;
  readonly data: Jobs[N];
  /** How long the job waits before it is done for the first time. */
  readonly delayMs?: number;
}

export interface Dedupe {
  /** What makes two jobs the same. */
  readonly key: string;
  readonly windowMs: number;
}

export const JOB_STATES = ['waiting', 'active', 'delayed', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Hands orders to the belts, each with the retry and retention policy of its kind. */
@Injectable()
export class JobQueue {
  /** The connection of each queue that lives on Redis; undefined until it was ready for the first time. */
  private readonly redisClients = new Map<Queue, { readonly status: string } | undefined>();

  private readonly writers: ReadonlyMap<Lane, JobWriter>;

  constructor(private readonly queues: ReadonlyMap<Lane, Queue>) {
    this.writers = new Map([...queues].map(([lane, queue]) => [lane, new JobWriter(queue)]));
    for (const queue of queues.values()) {
      const backend = queue.getBackend();
      if (!(backend instanceof RedisQueueBackend)) continue;
      this.redisClients.set(queue, undefined);
      backend.client.then(
        (client) => this.redisClients.set(queue, client),
        () => undefined, // the queue itself reports what is wrong, and tries again
      );
    }
  }

  /**
   * Stores a job durably, or finds the one that was stored with the same dedupe key within its window.
   *
   * @returns the id of the job that stands for this order: `order.id`, or that of the earlier one.
   * @throws QueueUnavailable when the store is away or takes longer than `timeoutMs`.
   */
  async add<N extends JobName>(order: JobOrder<N>, timeoutMs: number, dedupe?: Dedupe): Promise<string> {
    const queue = this.queueOf(order.lane);
    this.assertReachable(queue);
    const job = newJob(order);
    if (dedupe) job.opts.deduplication = { id: dedupe.key, ttl: dedupe.windowMs };
    return within(timeoutMs, this.writerOf(order.lane).write(job));
  }

  /** The queues themselves, for Bull Board. */
  all(): readonly Queue[] {
    return [...this.queues.values()];
  }

  /** Stores several jobs of one lane; those whose id is already there stay as they are. */
  async addAll<N extends JobName>(lane: Lane, orders: readonly Omit<JobOrder<N>, 'lane'>[]): Promise<void> {
    await this.writerOf(lane).writeAll(orders.map(newJob));
  }

  /** Orders a job again and again, once over all processes. */
  async schedule<N extends JobName>(lane: Lane, name: N, everyMs: number, data: Jobs[N]): Promise<void> {
    await this.queueOf(lane).upsertJobScheduler(
      name,
      { every: everyMs },
      { name, data, opts: JOB_OPTIONS[name] },
    );
  }

  /** What a job that has not yet been done carries; undefined where there is none. */
  async find<N extends JobName>(lane: Lane, name: N, id: string): Promise<Jobs[N] | undefined> {
    const job = await this.queueOf(lane).getJob(id);
    return job?.name === name ? (job.data as Jobs[N]) : undefined;
  }

  /** How many jobs each lane holds in each state. */
  async counts(): Promise<{ lane: Lane; state: JobState; jobs: number }[]> {
    const perLane = await Promise.all(
      LANES.map(async (lane) => ({ lane, counts: await this.queueOf(lane).getJobCounts(...JOB_STATES) })),
    );
    return perLane.flatMap(({ lane, counts }) =>
      JOB_STATES.map((state) => ({ lane, state, jobs: counts[state] ?? 0 })),
    );
  }

  /** @throws QueueUnavailable when the store does not answer within `timeoutMs`. */
  async ping(timeoutMs: number): Promise<void> {
    const queue = this.queueOf('upkeep');
    this.assertReachable(queue);
    await within(timeoutMs, queue.getJobCountByTypes('active'));
  }

  /** Redis keeps commands for later while it is away; an answer must not wait for that. */
  private assertReachable(queue: Queue): void {
    if (!this.redisClients.has(queue)) return;
    const status = this.redisClients.get(queue)?.status ?? 'connecting';
    if (status !== 'ready') throw new QueueUnavailable(`Redis is ${status}`);
  }

  private writerOf(lane: Lane): JobWriter {
    const writer = this.writers.get(lane);
    if (!writer) throw new Error(`There is no lane ${lane}.`);
    return writer;
  }

  private queueOf(lane: Lane): Queue {
    const queue = this.queues.get(lane);
    if (!queue) throw new Error(`There is no lane ${lane}.`);
    return queue;
  }
}

function newJob<N extends JobName>({ name, id, data, delayMs = 0 }: Omit<JobOrder<N>, 'lane'>): NewJob {
  return { name, data, opts: { ...JOB_OPTIONS[name], jobId: id, ...(delayMs > 0 && { delay: delayMs }) } };
}

/** `WORKER_OPTIONS` knows by the job's name how long to wait. */
const BY_POLICY = { type: 'own' } as const;

/** What is as BullMQ would have it anyway is left out: it is stored with every job. */
const JOB_OPTIONS = Object.fromEntries(
  Object.entries(JOB_POLICIES).map(([name, { attempts, keepCompleted, keepFailed }]) => [
    name,
    {
      attempts,
      backoff: BY_POLICY,
      removeOnComplete: keepCompleted === 0 ? true : { count: keepCompleted },
      ...(keepFailed !== 'all' && { removeOnFail: { count: keepFailed } }),
      stackTraceLimit: 3,
    },
  ]),
) as Readonly<Record<JobName, JobsOptions>>;

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new QueueUnavailable(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw error instanceof QueueUnavailable
      ? error
      : new QueueUnavailable('the store failed', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
