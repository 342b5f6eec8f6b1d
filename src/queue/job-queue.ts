import type { Job, JobsOptions, Queue } from 'bullmq';
import { TimeLimitExceeded, within } from '../platform/timing/within.js';
import { STEP_MS } from './clock-watch.js';
import { JobWriter, type NewJob } from './bullmq/job-writer.js';
import { JOB_POLICIES, type JobName, type Jobs, type QueueName } from './jobs.js';
import type { RedisClient } from './bullmq/redis-connection.js';
import type { ReplicaWait } from './bullmq/replica-wait.js';
import type { ShardOfQueue, Shards } from './shards.js';

/** The queue's store cannot be reached, or did not answer in time: nothing was promised. */
export class QueueUnavailable extends Error {
  override readonly name = 'QueueUnavailable';
  readonly code = 'QUEUE_UNAVAILABLE';
}

export interface JobRequest<N extends JobName> {
  readonly queueName: QueueName;
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

/** How long the store may take to answer where the caller names no limit, in ms. */
const ANSWERS_WITHIN_MS = 10_000;
/** How long a delay has to be over before its job counts as due, in ms: workers have clocks of their own. */
const DUE_FOR_MS = 1_000;
/** Jobs that are looked at together. */
const PAGE = 1_000;

/** A lane's part in one shard. */
interface Part {
  readonly queue: Queue;
  readonly writer: JobWriter;
}

/** Hands orders to the belts, each with the retry and retention policy of its kind. */
export class JobQueue {
  private readonly parts: ReadonlyMap<QueueName, readonly Part[]>;

  /**
   * @param queues of each lane, in the order of its shards
   * @param redis the connection that they share; undefined where they are on PostgreSQL
   * @param replicas what makes an order that is to be acknowledged wait for Redis's replicas, if it is to
   */
  constructor(
    queues: ReadonlyMap<QueueName, readonly Queue[]>,
    private readonly shards: Shards,
    private readonly redis?: Pick<RedisClient, 'status'>,
    private readonly replicas?: ReplicaWait,
  ) {
    this.parts = new Map(
      [...queues].map(([queueName, ofLane]) => [
        queueName,
        ofLane.map((queue) => ({ queue, writer: new JobWriter(queue) })),
      ]),
    );
  }

  /**
   * Stores a job durably, or finds the one that was stored with the same dedupe key within its window.
   *
   * @returns the id of the job that stands for this order: `order.id`, or that of the earlier one.
   * @throws QueueUnavailable when the store is away or takes longer than `timeoutMs`.
   */
  async add<N extends JobName>(request: JobRequest<N>, timeoutMs: number, dedupe?: Dedupe): Promise<string> {
    this.assertReachable();
    const { queue, writer } = this.partFor(request.queueName, request.data);
    const job = newJob(request);
    if (dedupe) job.opts.deduplication = { id: dedupe.key, ttl: Math.ceil(dedupe.windowMs) };
    const write = (): Promise<string> => writer.write(job);
    return answered(this.replicas ? this.replicas.after(queue.toKey(''), write) : write(), timeoutMs);
  }

  /** The queues themselves. */
  all(): readonly (ShardOfQueue & { readonly queue: Queue })[] {
    return [...this.parts].flatMap(([queueName, parts]) =>
      parts.map(({ queue }, shard) => ({ queueName, shard, queue })),
    );
  }

  /**
   * Stores several jobs of one lane; those whose id is already there stay as they are. They do not wait for replicas:
   * what orders them is done only after them and on the same node, so that what loses them brings it back.
   */
  async addAll<N extends JobName>(
    queueName: QueueName,
    requests: readonly Omit<JobRequest<N>, 'queueName'>[],
  ): Promise<void> {
    const jobs = new Map<JobWriter, NewJob[]>();
    for (const request of requests) {
      const { writer } = this.partFor(queueName, request.data);
      jobs.set(writer, [...(jobs.get(writer) ?? []), newJob(request)]);
    }
    await answered(Promise.all([...jobs].map(([writer, ofShard]) => writer.writeAll(ofShard))));
  }

  /** Orders a job again and again, once over all processes. */
  async schedule<N extends JobName>(
    queueName: QueueName,
    name: N,
    everyMs: number,
    data: Jobs[N],
  ): Promise<void> {
    const { queue } = this.partFor(queueName, data);
    const template = { name, data, opts: JOB_OPTIONS[name] };
    await answered(queue.upsertJobScheduler(name, { every: everyMs }, template));
  }

  /** What a job that has not yet been done carries; undefined where there is none. */
  async find<N extends JobName>(queueName: QueueName, name: N, id: string): Promise<Jobs[N] | undefined> {
    // An id does not tell whose job it is.
    const found = await answered(Promise.all(this.partsOf(queueName).map(({ queue }) => queue.getJob(id))));
    const job = found.find((candidate) => candidate?.name === name);
    return job ? (job.data as Jobs[N]) : undefined;
  }

  /** Whether a job has ended without being done, and waits for a person. */
  async isDeadLettered(queueName: QueueName, id: string): Promise<boolean> {
    const found = await answered(Promise.all(this.partsOf(queueName).map(({ queue }) => queue.getJob(id))));
    return found.some((job) => typeof job?.failedReason === 'string' && job.finishedOn !== undefined);
  }

  /** How many jobs each lane holds in each state, over all of its shards. */
  async counts(): Promise<{ queueName: QueueName; state: JobState; jobs: number }[]> {
    const perQueue = await answered(
      Promise.all(
        this.all().map(async ({ queueName, queue }) => ({
          queueName,
          counts: await queue.getJobCounts(...JOB_STATES),
        })),
      ),
    );
    return [...this.parts.keys()].flatMap((queueName) =>
      JOB_STATES.map((state) => ({
        queueName,
        state,
        jobs: perQueue.reduce(
          (sum, part) => sum + (part.queueName === queueName ? (part.counts[state] ?? 0) : 0),
          0,
        ),
      })),
    );
  }

  /**
   * Has jobs wait as long as they were meant to that were told to wait while the clock was ahead: the queue keeps the
   * time of day at which they are due.
   *
   * @returns how many there were.
   */
  async timeAgain(): Promise<number> {
    const perQueue = await Promise.all(
      this.all().map(async ({ queue }) => {
        const toCome = Date.now() + STEP_MS;
        const ahead: Job[] = [];
        for (let from = 0; ; from += PAGE) {
          const page = (await queue.getDelayed(from, from + PAGE - 1)).filter((job) => job !== undefined);
          ahead.push(...page.filter((job) => Math.max(job.timestamp, job.processedOn ?? 0) > toCome));
          if (page.length < PAGE) break;
        }
        // Whoever was quicker, another process or the time itself, has done it.
        for (const job of ahead) await job.changeDelay(job.delay).catch(() => undefined);
        return ahead.length;
      }),
    );
    return perQueue.reduce((sum, jobs) => sum + jobs, 0);
  }

  /**
   * Counts the jobs that a worker could fetch now: those that wait, and those whose delay is over.
   *
   * @throws QueueUnavailable when the store does not answer.
   */
  async dueJobs(queueName: QueueName, shard: number): Promise<number> {
    this.assertReachable();
    const queue = this.partsOf(queueName)[shard]?.queue;
    if (!queue) return 0; // an orphaned shard, which nothing is added to
    const [{ waiting = 0 }, delayed] = await answered(
      Promise.all([queue.getJobCounts('waiting'), queue.getDelayedCount(Date.now() - DUE_FOR_MS)]),
    );
    return waiting + delayed;
  }

  /** @throws QueueUnavailable when the store does not answer for every shard within `timeoutMs`. */
  async ping(timeoutMs: number): Promise<void> {
    this.assertReachable();
    const answers = this.partsOf('plan').map(({ queue }) => queue.getJobCountByTypes('active'));
    await answered(Promise.all(answers), timeoutMs);
  }

  /** Redis keeps commands for later while it is away; an answer must not wait for that. */
  private assertReachable(): void {
    if (this.redis && this.redis.status !== 'ready') {
      throw new QueueUnavailable(`Redis is ${this.redis.status}`);
    }
  }

  private partFor(queueName: QueueName, data: object): Part {
    const part = this.partsOf(queueName)[this.shards.shardFor(queueName, data)];
    if (!part) throw new Error(`The lane ${queueName} has no such shard.`);
    return part;
  }

  private partsOf(queueName: QueueName): readonly Part[] {
    const parts = this.parts.get(queueName);
    if (!parts) throw new Error(`There is no lane ${queueName}.`);
    return parts;
  }
}

function newJob<N extends JobName>({
  name,
  id,
  data,
  delayMs = 0,
}: Omit<JobRequest<N>, 'queueName'>): NewJob {
  return {
    name,
    data,
    opts: { ...JOB_OPTIONS[name], jobId: id, ...(delayMs > 0 && { delay: Math.ceil(delayMs) }) },
  };
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

/** @throws QueueUnavailable where the work fails or takes too long. */
async function answered<T>(work: Promise<T>, limitMs: number = ANSWERS_WITHIN_MS): Promise<T> {
  try {
    return await within(limitMs, work);
  } catch (error) {
    if (error instanceof QueueUnavailable) throw error;
    throw error instanceof TimeLimitExceeded
      ? new QueueUnavailable(error.message)
      : new QueueUnavailable('the store failed', { cause: error });
  }
}
