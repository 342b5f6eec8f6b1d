import type { ConnectionOptions, Processor, WorkerOptions } from 'bullmq';
import type { Logger } from '../../platform/logging/logger.js';
import type { JobQueue } from '../job-queue.js';
import type { QueueName } from '../jobs.js';
import { PulsingWorker } from './pulsing-worker.js';
import type { Shards } from '../shards.js';
import { SupervisedWorker, type Listener } from './supervised-worker.js';

/** What the workers of a process share. */
export interface WorkerTools {
  readonly shards: Shards;
  readonly queue: JobQueue;
  readonly logger: Logger;
  /** The connection that the workers share. */
  readonly connection: () => ConnectionOptions;
  /** A connection for one worker alone. */
  readonly ownConnection: () => { readonly connection: ConnectionOptions; readonly disconnect: () => void };
}

/** A lane's worker: one supervised BullMQ worker on every shard, started, heard and ended together. */
export class ShardedWorker {
  private readonly workers = new Map<number, SupervisedWorker>();
  private readonly listeners: Listener[] = [];
  private readonly parts: number;
  private jobsEach = 1;
  private closing = false;

  constructor(
    private readonly tools: WorkerTools,
    readonly name: QueueName,
    private readonly process: Processor,
    private readonly options: WorkerOptions,
  ) {
    const shards = tools.shards.of(name);
    this.parts = shards.length;
    for (const shard of shards) this.workOn(shard);
  }

  /** Works on a further shard as well. Does nothing where it does so already. */
  workOn(shard: number): void {
    if (this.workers.has(shard) || this.closing) return;
    const { shards, queue, logger, connection, ownConnection } = this.tools;
    const prefix = shards.prefixOf(shard);
    const worker = new SupervisedWorker(
      { queueName: this.name, shard },
      {
        create: (isReplacement) => {
          const connected = isReplacement
            ? ownConnection()
            : { connection: connection(), disconnect: () => undefined };
          const options = { ...this.options, prefix, concurrency: this.jobsEach };
          return {
            worker: new PulsingWorker(this.name, this.process, {
              ...options,
              connection: connected.connection,
            }),
            disconnect: connected.disconnect,
          };
        },
        dueJobs: () => queue.dueJobs(this.name, shard),
        logger,
      },
    );
    for (const listener of this.listeners) worker.on(...listener);
    this.workers.set(shard, worker);
  }

  on(...listener: Listener): this {
    this.listeners.push(listener);
    for (const worker of this.all()) worker.on(...listener);
    return this;
  }

  /** Jobs at once on all shards together: each has its part, or one where there are more shards than jobs. */
  set concurrency(jobs: number) {
    this.jobsEach = Math.max(1, Math.ceil(jobs / this.parts));
    for (const worker of this.all()) worker.concurrency = this.jobsEach;
  }

  get concurrency(): number {
    return this.jobsEach * this.workers.size;
  }

  /** Whether jobs of every shard are fetched. */
  get isHealthy(): boolean {
    return this.all().every((worker) => worker.isHealthy);
  }

  cancelAllJobs(reason?: string): void {
    for (const worker of this.all()) worker.cancelAllJobs(reason);
  }

  async close(): Promise<void> {
    this.closing = true;
    await Promise.all(this.all().map((worker) => worker.close()));
  }

  private all(): SupervisedWorker[] {
    return [...this.workers.values()];
  }
}

/** The class that the framework instantiates for each `@Processor`. It calls only `on` and `close` of the instance. */
export function shardedWorkerOver(
  tools: WorkerTools,
): new (queueName: QueueName, process: Processor, options: WorkerOptions) => ShardedWorker {
  return class extends ShardedWorker {
    constructor(queueName: QueueName, process: Processor, options: WorkerOptions) {
      super(tools, queueName, process, options);
    }
  };
}
