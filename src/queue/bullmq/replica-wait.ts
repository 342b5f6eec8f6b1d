import { Command, type Cluster, type Redis } from 'ioredis';
import { Batcher } from '../../platform/batching/batcher.js';
import type { RedisClient } from './redis-connection.js';

/** A WAIT holds up its connection: two of them must fit into the time that a webhook may take. */
const WAIT_MS = 500;
/** While one is under way, all further writes gather for the next. */
const ONE_WAIT = { maxItems: Number.POSITIVE_INFINITY, maxCalls: 1 };

type Confirm = (redis: Redis, replicas: number) => Promise<number>;

/**
 * Holds a write's answer back until replicas have it, too: Redis replicates after it answers, so that a master that
 * fails takes its last writes along.
 */
export class ReplicaWait {
  private readonly waits = new WeakMap<Redis, Batcher<void, number>>();
  /** How a server is asked, by the connection to it: after a failover it is another server. */
  private readonly ways = new WeakMap<Redis['stream'], Promise<Confirm>>();

  constructor(
    private readonly client: RedisClient,
    private readonly replicas: number,
  ) {}

  /**
   * Writes, and waits for the replicas; writes of the same moment wait together.
   *
   * @param key any key on the node that is written to
   * @throws Error where too few replicas have it in time, or it cannot be told. It may have been stored all the same.
   */
  async after<T>(key: string, write: () => Promise<T>): Promise<T> {
    const slot = this.slotOf(key);
    const before = await this.connected(slot);
    const written = await write();
    const node = this.nodeOf(slot);
    const confirmed = await this.waitOn(node).run();
    // A command is sent again where a connection breaks: a new master would confirm what only the old one had.
    if (node.stream !== before || this.nodeOf(slot) !== node) throw new Error('the master changed meanwhile');
    if (confirmed < this.replicas) {
      throw new Error(`${confirmed} of ${this.replicas} replicas confirmed within ${WAIT_MS} ms`);
    }
    return written;
  }

  /** A node of a Cluster is connected to when it is needed first. */
  private async connected(slot: number): Promise<Redis['stream']> {
    const node = this.nodeOf(slot);
    if (node.status !== 'ready') await node.ping();
    return node.stream;
  }

  private waitOn(node: Redis): Batcher<void, number> {
    const wait =
      this.waits.get(node) ??
      new Batcher<void, number>(async (writes) => {
        const confirm = await this.wayOf(node);
        const confirmed = await confirm(node, this.replicas);
        return writes.map(() => confirmed);
      }, ONE_WAIT);
    this.waits.set(node, wait);
    return wait;
  }

  private wayOf(node: Redis): Promise<Confirm> {
    const way = this.ways.get(node.stream) ?? howToConfirm(node);
    this.ways.set(node.stream, way);
    return way;
  }

  private slotOf(key: string): number {
    return isCluster(this.client) ? (new Command('get', [key]).getSlot() ?? 0) : 0;
  }

  /** @throws Error where no node is known for the slot */
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

/** In a replica's memory: all that Redis before 7.2 can tell. */
const inMemory: Confirm = (redis, replicas) => redis.wait(replicas, WAIT_MS);

/** On a replica's disk. */
const onDisk: Confirm = async (redis, replicas) => {
  const [, confirmed = 0] = (await redis.call('WAITAOF', 0, replicas, WAIT_MS)) as number[];
  return confirmed;
};

/**
 * Asks a server what it can confirm: that replicas have a write on disk, where it knows WAITAOF and writes its log
 * through. With a log that is written once a second, that would take up to a second, which a webhook has not.
 */
export async function howToConfirm(redis: Pick<Redis, 'call'>): Promise<Confirm> {
  try {
    const [known] = (await redis.call('COMMAND', 'INFO', 'WAITAOF')) as unknown[];
    const [, fsync] = (await redis.call('CONFIG', 'GET', 'appendfsync')) as unknown[];
    return known && fsync === 'always' ? onDisk : inMemory;
  } catch {
    return inMemory; // a user, or a hosted Redis, that may not ask
  }
}
