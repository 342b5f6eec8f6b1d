import { createHash } from 'node:crypto';
import { MAX_SHARDS } from '../platform/config/environment.js';
import { ALL_QUEUES, type QueueName } from './jobs.js';

const PREFIX = 'bellhop';
/** Queues with few jobs and no user, kept in the first shard. */
const UNSHARDED: ReadonlySet<QueueName> = new Set(['devices', 'replays', 'upkeep']);

/** One queue in one shard. */
export interface ShardOfQueue {
  readonly queueName: QueueName;
  readonly shard: number;
}

/**
 * Distributes each queue over the nodes of a Redis Cluster (ADR 0029).
 *
 * A user's jobs are in one shard of every queue: duplicates meet, and the jobs that a job adds are written to its node.
 * All keys of a shard share one hash slot.
 */
export class Shards {
  constructor(
    readonly count: number,
    private readonly onCluster = false,
  ) {}

  /** Key prefix of a shard; the part in braces selects the hash slot. */
  prefixOf(shard: number): string {
    // Existing keys stay in use when the number of shards grows.
    return shard === 0 && !this.onCluster ? PREFIX : `{${PREFIX}:${shard}}`;
  }

  /** The shards of a queue. */
  of(queueName: QueueName): number[] {
    return range(0, UNSHARDED.has(queueName) ? 1 : this.count);
  }

  /** Selects by the payload's user, else by its notification. */
  shardFor(queueName: QueueName, data: object): number {
    const shards = this.of(queueName).length;
    if (shards === 1) return 0;
    const { appId, uid, notificationId } = data as Readonly<Record<string, unknown>>;
    const hash = createHash('sha256').update(JSON.stringify([appId, uid ?? notificationId]));
    return hash.digest().readUInt32BE() % shards;
  }

  /** Queues beyond the number of shards, which may hold jobs from a larger number. */
  beyond(): ShardOfQueue[] {
    const shards = range(this.count, MAX_SHARDS);
    return ALL_QUEUES.filter((queueName) => !UNSHARDED.has(queueName)).flatMap((queueName) =>
      shards.map((shard) => ({ queueName, shard })),
    );
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
