import type { RedisClient } from './redis-connection.js';
import type { ShardOfQueue, Shards } from '../shards.js';

/** A queue that is not in use any more and still holds jobs. */
export interface OrphanedQueue extends ShardOfQueue {
  /** What its keys begin with. */
  readonly prefix: string;
  /** Jobs that are still to be done. */
  readonly jobs: number;
  /** Jobs that were given up and set aside. */
  readonly failed: number;
}

/** Finds what lies in shards that were in use while there were more of them. */
export class OrphanedShards {
  /** @param client undefined where the queue is on PostgreSQL, which has one shard */
  constructor(
    private readonly client: RedisClient | undefined,
    private readonly shards: Shards,
  ) {}

  /** Asks one short question for each queue that there may ever have been. */
  async find(): Promise<OrphanedQueue[]> {
    const { client } = this;
    if (!client) return [];
    const all = await Promise.all(this.shards.beyond().map((queue) => this.look(client, queue)));
    return all.filter(({ jobs, failed }) => jobs + failed > 0);
  }

  private async look(client: RedisClient, { queueName, shard }: ShardOfQueue): Promise<OrphanedQueue> {
    const prefix = `${this.shards.prefixOf(shard)}:${queueName}`;
    const found = { queueName, shard, prefix };
    const key = (state: string): string => `${prefix}:${state}`;
    const states = ['wait', 'paused', 'active', 'delayed', 'prioritized', 'failed'].map(key);
    // A key without members is no key: nearly always that is all there is to ask.
    if ((await client.exists(...states)) === 0) return { ...found, jobs: 0, failed: 0 };
    const [lists, sets, failed] = await Promise.all([
      Promise.all(['wait', 'paused', 'active'].map((state) => client.llen(key(state)))),
      Promise.all(['delayed', 'prioritized'].map((state) => client.zcard(key(state)))),
      client.zcard(key('failed')),
    ]);
    return { ...found, jobs: [...lists, ...sets].reduce((sum, jobs) => sum + jobs, 0), failed };
  }
}
