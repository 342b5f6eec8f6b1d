// Stands in for BullMQ's `Worker`, which serves one queue with one prefix: @nestjs/bullmq 12 creates one worker per
// `@Processor`, but a sharded queue needs one per shard (ADR 0029), each with a supervisor (ADR 0035).
// Delete when BullMQ distributes a queue over several slots of a Redis Cluster.

import type { ConnectionOptions, Processor, WorkerOptions } from 'bullmq';
import type { Logger } from '../../platform/logging/logger.js';
import type { JobQueue } from '../job-queue.js';
import type { QueueName } from '../jobs.js';
import { PulsingWorker } from './pulsing-worker.js';
import type { Shards } from '../shards.js';
import { SupervisedWorker, type Listener } from './supervised-worker.js';

/** A connection for a worker; `disconnect` closes only a separate one. */
export interface WorkerConnection {
  readonly connection: ConnectionOptions;
  readonly disconnect: () => void;
}

/** Dependencies shared by the workers of a process. */
export interface WorkerTools {
  readonly shards: Shards;
  readonly queue: JobQueue;
  readonly logger: Logger;
  /** The workers' shared connection, or a separate one. */
  readonly connect: (isShared: boolean) => WorkerConnection;
}

/** A queue's worker: one supervised BullMQ worker per shard, with shared listeners and a shared lifecycle. */
export class ShardedWorker {
  private readonly workers = new Map<number, SupervisedWorker>();
  private readonly listeners: Listener[] = [];
  private readonly shardCount: number;
  private jobsPerShard = 1;
  private closing = false;

  constructor(
    private readonly tools: WorkerTools,
    readonly name: QueueName,
    private readonly process: Processor,
    private readonly options: WorkerOptions,
  ) {
    const shards = tools.shards.of(name);
    this.shardCount = shards.length;
    for (const shard of shards) this.workOn(shard);
  }

  /** Adds a worker for a shard; does nothing if there is one. */
  workOn(shard: number): void {
    if (this.workers.has(shard) || this.closing) return;
    const { shards, queue, logger, connect } = this.tools;
    const prefix = shards.prefixOf(shard);
    const worker = new SupervisedWorker(
      { queueName: this.name, shard },
      {
        create: (isReplacement) => {
          const { connection, disconnect } = connect(!isReplacement);
          const options = { ...this.options, prefix, concurrency: this.jobsPerShard, connection };
          return { worker: new PulsingWorker(this.name, this.process, options), disconnect };
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

  /** Concurrent jobs over all shards; divided evenly, at least one per shard. */
  set concurrency(jobs: number) {
    this.jobsPerShard = Math.max(1, Math.ceil(jobs / this.shardCount));
    for (const worker of this.all()) worker.concurrency = this.jobsPerShard;
  }

  get concurrency(): number {
    return this.jobsPerShard * this.workers.size;
  }

  /** Whether every shard's worker fetches jobs. */
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

/** The class that @nestjs/bullmq instantiates for each `@Processor`; it calls only `on` and `close`. */
export function shardedWorkerOver(
  tools: WorkerTools,
): new (queueName: QueueName, process: Processor, options: WorkerOptions) => ShardedWorker {
  return class extends ShardedWorker {
    constructor(queueName: QueueName, process: Processor, options: WorkerOptions) {
      super(tools, queueName, process, options);
    }
  };
}
