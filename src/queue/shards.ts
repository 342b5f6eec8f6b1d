import { createHash } from 'node:crypto';
import { MAX_SHARDS } from '../platform/config/environment.js';
import { QUEUES, type QueueName } from './jobs.js';

const PREFIX = 'bellhop';
/** The work of these belongs to no one person, and there is little of it: they lie in the first shard alone. */
const UNSPREAD: ReadonlySet<QueueName> = new Set(['devices', 'upkeep']);

/** One queue: a lane's part in one shard. */
export interface ShardOfQueue {
  readonly queueName: QueueName;
  readonly shard: number;
}

/**
 * How each lane is spread over several queues, so that the nodes of a Redis Cluster share the work.
 *
 * All jobs of one person lie in one shard, whatever their lane: so a repeat meets what it repeats, and what follows
 * from a job is written to the same node, behind it. All keys of a shard lie in one slot of a Cluster.
 */
export class Shards {
  constructor(
    readonly count: number,
    private readonly onCluster = false,
  ) {}

  /** What the names of a shard's keys begin with; the part in braces says on which slot of a Cluster they lie. */
  prefixOf(shard: number): string {
    // What has always been there stays in use when the number of shards grows.
    return shard === 0 && !this.onCluster ? PREFIX : `{${PREFIX}:${shard}}`;
  }

  /** The shards of a lane. */
  of(queueName: QueueName): number[] {
    return range(0, UNSPREAD.has(queueName) ? 1 : this.count);
  }

  /** Where a job belongs by what it carries: with its person, or, where it names none, with its notification. */
  shardFor(queueName: QueueName, data: object): number {
    const shards = this.of(queueName).length;
    if (shards === 1) return 0;
    const { appId, uid, notificationId } = data as Readonly<Record<string, unknown>>;
    const hash = createHash('sha256').update(JSON.stringify([appId, uid ?? notificationId]));
    return hash.digest().readUInt32BE() % shards;
  }

  /** Queues that are in use only while there are more shards: jobs may lie there that were stored at such a time. */
  beyond(): ShardOfQueue[] {
    const shards = range(this.count, MAX_SHARDS);
    return QUEUES.filter((queueName) => !UNSPREAD.has(queueName)).flatMap((queueName) =>
      shards.map((shard) => ({ queueName, shard })),
    );
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
