// Adds WAIT and WAITAOF to BullMQ 6.7, which has no option to wait for replicas, and checks the socket around them,
// because ioredis 6.0 repeats commands on a new connection, possibly to a new master (ADR 0028).
// Delete when BullMQ confirms writes on replicas before `add` resolves.

import { Command, type Cluster, type Redis } from 'ioredis';
import { Batcher } from '../../platform/batching/batcher.js';
import type { RedisClient } from './redis-connection.js';

/** A WAIT blocks its connection; two of them must fit into a webhook's time limit. */
const WAIT_MS = 500;
/** Writes during a WAIT share the next one. */
const ONE_WAIT = { maxItems: Number.POSITIVE_INFINITY, maxCalls: 1 };

type Confirm = (redis: Redis, replicas: number) => Promise<number>;

/** Delays acknowledgements until replicas have the write: Redis replicates after it answers. */
export class ReplicaWait {
  private readonly waits = new WeakMap<Redis, Batcher<void, number>>();
  /** Command by connection, because a failover changes the server. */
  private readonly confirmations = new WeakMap<Redis['stream'], Promise<Confirm>>();

  constructor(
    private readonly client: RedisClient,
    private readonly replicas: number,
  ) {}

  /**
   * Writes and waits for the replicas. Concurrent writes share one wait.
   *
   * @param key any key on the written node.
   * @throws Error if too few replicas confirm in time, or the master changed. The write may still have been stored.
   */
  async after<T>(key: string, write: () => Promise<T>): Promise<T> {
    const slot = this.slotOf(key);
    const before = await this.connected(slot);
    const written = await write();
    const node = this.nodeOf(slot);
    const confirmed = await this.waitOn(node).run();
    // Clients repeat commands on a new connection: a new master would confirm data that only the old one had.
    if (node.stream !== before || this.nodeOf(slot) !== node)
      throw new Error('the master changed during the write');
    if (confirmed < this.replicas) {
      throw new Error(`${confirmed} of ${this.replicas} replicas confirmed within ${WAIT_MS} ms`);
    }
    return written;
  }

  /** Cluster nodes connect on first use. */
  private async connected(slot: number): Promise<Redis['stream']> {
    const node = this.nodeOf(slot);
    if (node.status !== 'ready') await node.ping();
    return node.stream;
  }

  private waitOn(node: Redis): Batcher<void, number> {
    const wait =
      this.waits.get(node) ??
      new Batcher<void, number>(async (writes) => {
        const confirm = await this.confirmationOf(node);
        const confirmed = await confirm(node, this.replicas);
        return writes.map(() => confirmed);
      }, ONE_WAIT);
    this.waits.set(node, wait);
    return wait;
  }

  private confirmationOf(node: Redis): Promise<Confirm> {
    const confirm = this.confirmations.get(node.stream) ?? howToConfirm(node);
    this.confirmations.set(node.stream, confirm);
    return confirm;
  }

  private slotOf(key: string): number {
    return isCluster(this.client) ? (new Command('get', [key]).getSlot() ?? 0) : 0;
  }

  /** @throws Error if no node is known for the slot. */
  private nodeOf(slot: number): Redis {
    if (!isCluster(this.client)) return this.client;
    const address = this.client.slots[slot]?.[0];
    const node = this.client
      .nodes('master')
      .find(({ options: { host, port } }) => `${host}:${port}` === address);
    if (!node) throw new Error(`no node of the Cluster has slot ${slot}`);
    return node;
  }
}

const isCluster = (client: RedisClient): client is Cluster => client.isCluster;

/** Confirms that replicas have the write in memory; Redis before 7.2 offers no more. */
const inMemory: Confirm = (redis, replicas) => redis.wait(replicas, WAIT_MS);

/** Confirms that replicas have the write on disk. */
const onDisk: Confirm = async (redis, replicas) => {
  const [, confirmed = 0] = (await redis.call('WAITAOF', 0, replicas, WAIT_MS)) as number[];
  return confirmed;
};

/**
 * Selects WAITAOF if the server supports it and syncs its log on every write, else WAIT. With `appendfsync everysec`,
 * WAITAOF takes up to a second, too long for a webhook.
 */
export async function howToConfirm(redis: Pick<Redis, 'call'>): Promise<Confirm> {
  try {
    const [known] = (await redis.call('COMMAND', 'INFO', 'WAITAOF')) as unknown[];
    const [, fsync] = (await redis.call('CONFIG', 'GET', 'appendfsync')) as unknown[];
    return known && fsync === 'always' ? onDisk : inMemory;
  } catch {
    return inMemory; // the Redis user, or a hosted Redis, may not run these commands
  }
}
