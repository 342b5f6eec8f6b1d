// Reads BullMQ's keys directly: BullMQ 6.7 neither lists the queues of a Redis nor counts jobs without a `Queue`, and
// there may be up to 64 orphaned shards of each queue (ADR 0029).
// Delete when BullMQ lists its queues, or when a shard's jobs can move to another.

import type { RedisClient } from './redis-connection.js';
import type { ShardOfQueue, Shards } from '../shards.js';

/** A queue of a shard beyond the configured number, with its jobs. */
export interface OrphanedQueue extends ShardOfQueue {
  /** Key prefix. */
  readonly prefix: string;
  /** Unfinished jobs. */
  readonly jobs: number;
  /** Dead-lettered jobs. */
  readonly failed: number;
}

/** Finds jobs in orphaned shards, left from a larger number of shards. */
export class OrphanedShards {
  /** @param client undefined on PostgreSQL, which has one shard. */
  constructor(
    private readonly client: RedisClient | undefined,
    private readonly shards: Shards,
  ) {}

  /** Sends one short command per possible queue. */
  async find(): Promise<OrphanedQueue[]> {
    const { client } = this;
    if (!client) return [];
    const all = await Promise.all(this.shards.beyond().map((queue) => this.count(client, queue)));
    return all.filter(({ jobs, failed }) => jobs + failed > 0);
  }

  private async count(client: RedisClient, { queueName, shard }: ShardOfQueue): Promise<OrphanedQueue> {
    const prefix = `${this.shards.prefixOf(shard)}:${queueName}`;
    const found = { queueName, shard, prefix };
    const key = (state: string): string => `${prefix}:${state}`;
    const states = ['wait', 'paused', 'active', 'delayed', 'prioritized', 'failed'].map(key);
    // Redis deletes empty keys, so this is nearly always the only command.
    if ((await client.exists(...states)) === 0) return { ...found, jobs: 0, failed: 0 };
    const [lists, sets, failed] = await Promise.all([
      Promise.all(['wait', 'paused', 'active'].map((state) => client.llen(key(state)))),
      Promise.all(['delayed', 'prioritized'].map((state) => client.zcard(key(state)))),
      client.zcard(key('failed')),
    ]);
    return { ...found, jobs: [...lists, ...sets].reduce((sum, jobs) => sum + jobs, 0), failed };
  }
}
