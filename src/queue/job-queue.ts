import type { Job, JobsOptions, JobType, Queue } from 'bullmq';
import { TimeLimitExceeded, within } from '../platform/timing/within.js';
import { STEP_MS } from '../platform/timing/clock-watch.js';
import { JobWriter, type NewJob } from './bullmq/job-writer.js';
import { isFormerQueue, JOB_POLICIES, type JobName, type Jobs, type QueueName } from './jobs.js';
import type { RedisClient } from './bullmq/redis-connection.js';
import type { ReplicaWait } from './bullmq/replica-wait.js';
import { countsOf, JOB_STATES, loadOf, sumOf, type JobState, type QueueLoad } from './queue-load.js';
import type { ShardOfQueue, Shards } from './shards.js';

/** The queue's store is unreachable or did not answer in time, so nothing was acknowledged. */
export class QueueUnavailable extends Error {
  override readonly name = 'QueueUnavailable';
  readonly code = 'QUEUE_UNAVAILABLE';
}

export interface JobRequest<N extends JobName> {
  readonly queueName: QueueName;
  readonly name: N;
  readonly id: string;
  readonly data: Jobs[N];
  /** Wait before the first attempt. */
  readonly delayMs?: number;
  /** Runs once no job without this waits in its queue, now and after each retry. */
  readonly yields?: boolean;
}

export interface Dedupe {
  /** Equal for duplicates. */
  readonly key: string;
  readonly windowMs: number;
  /** Other queues that may hold a duplicate. */
  readonly alsoIn?: readonly QueueName[] | undefined;
}

/** Default time limit of the store in ms. */
const ANSWERS_WITHIN_MS = 10_000;
/** Time in ms after which a delayed job counts as overdue, because workers' clocks differ. */
const DUE_FOR_MS = 1_000;
/** Jobs per query; the payload of each may have some megabytes. */
const PAGE = 200;
/** Every state of a job in the store. Running jobs are read first and last, because jobs start and end meanwhile. */
const STORED_STATES = [
  'active',
  'waiting',
  'prioritized',
  'delayed',
  'failed',
  'completed',
  'active',
] as const;

/** One queue in one shard. */
interface Part {
  readonly queue: Queue;
  readonly writer: JobWriter;
}

/** Adds jobs to the queues, with the retry and retention policy of their kind. */
export class JobQueue {
  private readonly parts: ReadonlyMap<QueueName, readonly Part[]>;

  /**
   * @param queues BullMQ's queues by name, in the order of shards.
   * @param redis their shared connection; undefined on PostgreSQL.
   * @param replicas delays acknowledgements until Redis replicas have the job, if configured.
   */
  constructor(
    queues: ReadonlyMap<QueueName, readonly Queue[]>,
    private readonly shards: Shards,
    private readonly redis?: Pick<RedisClient, 'status'>,
    private readonly replicas?: ReplicaWait,
  ) {
    this.parts = new Map(
      [...queues].map(([queueName, ofShards]) => [
        queueName,
        ofShards.map((queue) => ({ queue, writer: new JobWriter(queue) })),
      ]),
    );
  }

  /**
   * Stores a job durably, or finds an earlier one with the same dedupe key within its window.
   *
   * @returns the id of the stored job: `request.id`, or that of the earlier one.
   * @throws QueueUnavailable if the store is unavailable or takes longer than `timeoutMs`.
   */
  async add<N extends JobName>(request: JobRequest<N>, timeoutMs: number, dedupe?: Dedupe): Promise<string> {
    this.assertReachable();
    const part = this.partFor(request.queueName, request.data);
    const job = newJob(request);
    if (dedupe) job.opts.deduplication = { id: dedupe.key, ttl: Math.ceil(dedupe.windowMs) };
    const store = async (): Promise<string> =>
      (dedupe && (await this.findDuplicate(request, dedupe))) ?? this.write(part, job);
    return answered(dedupe?.alsoIn ? store() : this.write(part, job), timeoutMs);
  }

  /** BullMQ's queues. */
  all(): readonly (ShardOfQueue & { readonly queue: Queue })[] {
    return [...this.parts].flatMap(([queueName, parts]) =>
      parts.map(({ queue }, shard) => ({ queueName, shard, queue })),
    );
  }

  /**
   * Stores several jobs in one queue; jobs whose id exists stay unchanged. Does not wait for replicas: the job that
   * adds them completes later, on the same node, so that a failover that loses them also restores that job.
   */
  async addAll<N extends JobName>(
    queueName: QueueName,
    requests: readonly Omit<JobRequest<N>, 'queueName'>[],
  ): Promise<void> {
    const writes = requests.map((request) =>
      this.partFor(queueName, request.data).writer.write(newJob(request)),
    );
    await answered(Promise.all(writes));
  }

  /** Schedules a repeating job, once over all processes. */
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

  /** The payload of an unfinished job, if there is one. */
  async find<N extends JobName>(
    queueName: QueueName,
    names: readonly N[],
    id: string,
  ): Promise<Jobs[N] | undefined> {
    const found = await this.withId(queueName, id);
    return found.find((job) => names.some((name) => job.name === name))?.data as Jobs[N] | undefined;
  }

  /** Whether a job failed for good and waits for an operator. */
  async isDeadLettered(queueName: QueueName, id: string): Promise<boolean> {
    const found = await this.withId(queueName, id);
    return found.some((job) => typeof job.failedReason === 'string' && job.finishedOn !== undefined);
  }

  /** The payloads of all stored jobs that `isMeant` accepts. Reads all jobs of all queues, a page at a time. */
  async findPayloads(isMeant: (data: unknown) => boolean): Promise<unknown[]> {
    const payloads: unknown[] = [];
    for (const { queue } of this.all()) {
      const jobs = await findJobs(queue, ({ data }) => isMeant(data));
      payloads.push(...jobs.map((job): unknown => job.data));
    }
    return payloads;
  }

  /**
   * Removes every job, in whatever state, whose payload `isMeant` accepts. Reads all jobs of all queues, a page at a
   * time. A job that becomes due meanwhile may be missed.
   *
   * @returns the number of removed jobs, and of those that a worker is running now, which stay.
   * @throws QueueUnavailable
   */
  async removeJobs(isMeant: (data: unknown) => boolean): Promise<{ removed: number; running: number }> {
    const result = { removed: 0, running: 0 };
    for (const { queue } of this.all()) {
      for (const job of await findJobs(queue, ({ data }) => isMeant(data))) {
        // Fails while a worker runs it.
        await answered(job.remove().catch(() => undefined));
        if (await answered(queue.getJob(job.id ?? ''))) result.running++;
        else result.removed++;
      }
    }
    return result;
  }

  /** Jobs by queue and state, over all shards. Former queues are left out while they are empty. */
  async counts(): Promise<{ queueName: QueueName; state: JobState; jobs: number }[]> {
    const perQueue = [...this.parts].map(async ([queueName, parts]) => {
      const ofShards = await Promise.all(parts.map(({ queue }) => countsOf(queue)));
      return JOB_STATES.map((state) => ({
        ...{ queueName, state },
        jobs: ofShards.reduce((sum, counts) => sum + counts[state], 0),
      }));
    });
    const counts = (await answered(Promise.all(perQueue))).flat();
    return counts.filter(({ queueName, jobs }) => jobs > 0 || !isFormerQueue(queueName));
  }

  /**
   * Every queue with what a scaler needs, over all shards. Former queues are left out while they are empty.
   *
   * @throws QueueUnavailable
   */
  async loads(): Promise<QueueLoad[]> {
    this.assertReachable();
    const all = await Promise.all(
      [...this.parts].map(async ([name, parts]) => {
        const loads = await answered(Promise.all(parts.map(({ queue }) => loadOf(queue))));
        return { name, ...loads.reduce(sumOf) };
      }),
    );
    return all.filter((load) => !isFormerQueue(load.name) || JOB_STATES.some((state) => load[state] > 0));
  }

  /**
   * Reschedules jobs that were delayed while the clock was ahead: the queue stores the wall-clock time at which they
   * are due.
   *
   * @returns their number.
   */
  async rescheduleAhead(): Promise<number> {
    let rescheduled = 0;
    for (const { queue } of this.all()) {
      const toCome = Date.now() + STEP_MS;
      const isAhead = ({ timestamp, processedOn = 0 }: Job): boolean =>
        Math.max(timestamp, processedOn) > toCome;
      const ahead = await findJobs(queue, isAhead, ['delayed']);
      // Fails if the job has become due, or another process has rescheduled it.
      for (const job of ahead) await job.changeDelay(job.delay).catch(() => undefined);
      rescheduled += ahead.length;
    }
    return rescheduled;
  }

  /**
   * Counts the jobs that a worker could fetch now: waiting and overdue ones.
   *
   * @throws QueueUnavailable if the store does not answer.
   */
  async dueJobs(queueName: QueueName, shard: number): Promise<number> {
    this.assertReachable();
    const queue = this.partsOf(queueName)[shard]?.queue;
    if (!queue) return 0; // an orphaned shard
    const [{ waiting }, delayed] = await answered(
      Promise.all([countsOf(queue), queue.getDelayedCount(Date.now() - DUE_FOR_MS)]),
    );
    return waiting + delayed;
  }

  /** @throws QueueUnavailable if any shard does not answer within `timeoutMs`. */
  async ping(timeoutMs: number): Promise<void> {
    this.assertReachable();
    const answers = this.partsOf('push').map(({ queue }) => queue.getJobCountByTypes('active'));
    await answered(Promise.all(answers), timeoutMs);
  }

  /** Looks in all shards: an id does not reveal its own. */
  private async withId(queueName: QueueName, id: string): Promise<Job[]> {
    const found = await answered(Promise.all(this.partsOf(queueName).map(({ queue }) => queue.getJob(id))));
    return found.filter((job) => job !== undefined);
  }

  private write({ queue, writer }: Part, job: NewJob): Promise<string> {
    const write = (): Promise<string> => writer.write(job);
    return this.replicas ? this.replicas.after(queue.toKey(''), write) : write();
  }

  /** The id of an earlier job with the same dedupe key in one of the other queues. */
  private async findDuplicate(
    { data }: JobRequest<JobName>,
    { key, alsoIn = [] }: Dedupe,
  ): Promise<string | undefined> {
    const queues = alsoIn.map((queueName) => this.partFor(queueName, data).queue);
    const found = await Promise.all(queues.map((queue) => queue.getDeduplicationJobId(key)));
    return found.find((id) => id !== null && id !== undefined) ?? undefined;
  }

  /** ioredis buffers commands while Redis is unavailable; a request must not wait for that. */
  private assertReachable(): void {
    if (this.redis && this.redis.status !== 'ready') {
      throw new QueueUnavailable(`Redis is ${this.redis.status}`);
    }
  }

  private partFor(queueName: QueueName, data: object): Part {
    const part = this.partsOf(queueName)[this.shards.shardFor(queueName, data)];
    if (!part) throw new Error(`The queue ${queueName} has no such shard.`);
    return part;
  }

  private partsOf(queueName: QueueName): readonly Part[] {
    const parts = this.parts.get(queueName);
    if (!parts) throw new Error(`There is no queue ${queueName}.`);
    return parts;
  }
}

async function findJobs(
  queue: Queue,
  isMeant: (job: Job) => boolean,
  states: readonly JobType[] = STORED_STATES,
): Promise<Job[]> {
  const found = new Map<string, Job>();
  for (const state of states) {
    for (let from = 0; ; from += PAGE) {
      const page = await answered(queue.getJobs([state], from, from + PAGE - 1, true));
      // A job that was removed while the page was read is undefined.
      for (const job of page as (Job | undefined)[]) {
        if (job?.id !== undefined && isMeant(job)) found.set(job.id, job);
      }
      if (page.length < PAGE) break;
    }
  }
  return [...found.values()];
}

function newJob<N extends JobName>(request: Omit<JobRequest<N>, 'queueName'>): NewJob {
  const { name, id, data, delayMs = 0, yields = false } = request;
  const delay = delayMs > 0 && { delay: Math.ceil(delayMs) };
  return {
    name,
    data,
    opts: { ...JOB_OPTIONS[name], jobId: id, ...delay, ...(yields && { priority: YIELDING }) },
  };
}

/** BullMQ runs jobs without a priority first. */
const YIELDING = 1;

/** `WORKER_OPTIONS` computes the delay by the job's name. */
const BY_POLICY = { type: 'own' } as const;

/** Stored with every job, hence without BullMQ's default values. */
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

/** @throws QueueUnavailable if the work fails or exceeds the limit. */
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
