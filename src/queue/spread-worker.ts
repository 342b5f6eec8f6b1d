import { Worker, type ConnectionOptions, type Processor, type WorkerOptions } from 'bullmq';
import { boundWaits } from './bounded-waits.js';
import type { Lane } from './jobs.js';
import type { Shards } from './shards.js';

/** A lane's worker: one on every shard, which are started, heard, and ended together. */
export interface SpreadWorker extends Worker {
  /** Works on a further shard as well. Does nothing where it does so already. */
  workOn(shard: number): void;
}

export const isSpread = (worker: Worker): worker is SpreadWorker => 'workOn' in worker;

/**
 * Makes the class of which the framework makes a worker for each `@Processor`. Whoever holds one sees the worker of the
 * lane's first shard, and reaches all.
 */
export function spreadOver(
  shards: Shards,
  connect: () => ConnectionOptions,
): new (lane: Lane, process: Processor, options: WorkerOptions) => SpreadWorker {
  return class extends Worker implements SpreadWorker {
    /** By their shard; not there yet while the base class is set up. */
    private readonly others: Map<number, Worker> | undefined;
    private readonly parts: number;

    constructor(
      lane: Lane,
      private readonly process: Processor,
      private readonly options: WorkerOptions,
    ) {
      super(lane, process, { ...options, connection: connect(), prefix: shards.prefixOf(0) });
      boundWaits(this);
      this.others = new Map();
      const [, ...further] = shards.of(lane);
      this.parts = 1 + further.length;
      for (const shard of further) this.workOn(shard);
    }

    workOn(shard: number): void {
      if (shard === 0 || this.others?.has(shard) || this.closing) return;
      const other = new Worker(this.name, this.process, {
        ...this.options,
        connection: connect(),
        prefix: shards.prefixOf(shard),
        concurrency: super.concurrency,
      });
      boundWaits(other);
      for (const event of this.eventNames()) {
        for (const listener of this.listeners(event)) other.on(event as 'error', listener as () => void);
      }
      this.others?.set(shard, other);
    }

    override on(...args: Parameters<Worker['on']>): this {
      for (const other of this.rest()) other.on(...args);
      return super.on(...args);
    }

    /** Jobs at once on all shards together: each has its part, or one where there are more shards than jobs. */
    override set concurrency(jobs: number) {
      const each = Math.max(1, Math.ceil(jobs / (this.parts ?? 1)));
      super.concurrency = each;
      for (const other of this.rest()) other.concurrency = each;
    }

    override get concurrency(): number {
      return super.concurrency * (1 + this.rest().length);
    }

    override isRunning(): boolean {
      return super.isRunning() && this.rest().every((other) => other.isRunning());
    }

    override cancelAllJobs(reason?: string): void {
      super.cancelAllJobs(reason);
      for (const other of this.rest()) other.cancelAllJobs(reason);
    }

    override async close(force?: boolean): Promise<void> {
      await Promise.all([super.close(force), ...this.rest().map((other) => other.close(force))]);
    }

    private rest(): Worker[] {
      return [...(this.others?.values() ?? [])];
    }
  };
}
