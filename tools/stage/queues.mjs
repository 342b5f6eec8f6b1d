import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { goOn } from './children.mjs';

const QUEUES = ['push', 'calls', 'sms'];
const PENDING = /** @type {const} */ (['waiting', 'active', 'delayed', 'prioritized', 'failed']);
const EMPTY_WITHIN_MS = 60_000;

/**
 * @param {import('ioredis').Redis | import('ioredis').Cluster} connection
 * @param {string} prefix key prefix
 * @returns {Queue[]} the queues that carry notifications
 */
export const queuesOn = (connection, prefix = 'bellhop') =>
  QUEUES.map((queueName) => new Queue(queueName, { connection, prefix }));

/** @param {readonly Queue[]} queues @returns {Promise<number>} unfinished jobs, including failed ones */
export async function pendingIn(queues) {
  const counts = await Promise.all(queues.map((queue) => queue.getJobCountByTypes(...PENDING)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The queues of a gateway, read from outside. */
export class Queues {
  /** @param {string} redisUrl @param {number} [shards] as its `QUEUE_SHARDS` */
  constructor(redisUrl, shards = 1) {
    this.redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
    const prefixes = Array.from({ length: shards }, (_, shard) =>
      shard === 0 ? 'bellhop' : `{bellhop:${shard}}`,
    );
    this.queues = prefixes.flatMap((prefix) => queuesOn(this.redis, prefix));
  }

  /** @returns {Promise<number>} unfinished jobs, including failed ones */
  pending() {
    return pendingIn(this.queues);
  }

  /** Waits until no job is left. @throws {Error} after a timeout */
  async untilEmpty() {
    const deadline = Date.now() + EMPTY_WITHIN_MS;
    for (let pending = await this.pending(); pending > 0; pending = await this.pending()) {
      goOn();
      if (Date.now() > deadline) throw new Error(`${pending} jobs are left in the queue.`);
      await sleep(50);
    }
  }

  /** Empties Redis for the next run. No worker may be running. */
  async clear() {
    await this.redis.flushall();
  }

  /** @returns {Promise<number>} in bytes */
  async usedMemory() {
    const info = await this.redis.info('memory');
    return Number(/used_memory:(\d+)/.exec(info)?.[1]);
  }

  /** @returns {Promise<number>} CPU time of Redis, in seconds */
  async cpuSeconds() {
    const info = await this.redis.info('cpu');
    const of = (/** @type {string} */ name) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1]);
    return of('used_cpu_user') + of('used_cpu_sys');
  }

  async close() {
    await Promise.all(this.queues.map((queue) => queue.close()));
    this.redis.disconnect();
  }
}
