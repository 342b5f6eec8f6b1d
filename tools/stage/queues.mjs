import { createPostgresBackend, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { goOn } from './children.mjs';

/** The queues that carry notifications, as in `src/queue/jobs.ts`. */
const QUEUES = ['push', 'calls', 'sms'];
/** Schema of the queue on PostgreSQL. */
const SCHEMA = 'bullmq';
const PENDING = /** @type {const} */ (['waiting', 'active', 'delayed', 'prioritized', 'failed']);
const EMPTY_WITHIN_MS = 60_000;

/**
 * @param {import('ioredis').Redis | import('ioredis').Cluster} connection
 * @param {string} prefix key prefix
 * @returns {Queue[]} the queues that carry notifications
 */
export const queuesOn = (connection, prefix = 'bellhop') =>
  QUEUES.map((queueName) => new Queue(queueName, { connection, prefix }));

/**
 * Opens the queues of a gateway on Redis during `use`.
 *
 * @template T
 * @param {string} redisUrl
 * @param {(queues: Queue[]) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withRedisQueues(redisUrl, use) {
  // A Redis that is down fails `use` instead of delaying it.
  const redis = new Redis(redisUrl, { retryStrategy: () => null });
  const queues = queuesOn(redis);
  for (const connected of [redis, ...queues]) connected.on('error', () => undefined);
  try {
    return await use(queues);
  } finally {
    redis.disconnect();
  }
}

/**
 * Opens the queues of a gateway on PostgreSQL during `use`.
 *
 * @template T
 * @param {string} databaseUrl
 * @param {(queues: Queue[]) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withPostgresQueues(databaseUrl, use) {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    options: `-c search_path=${SCHEMA}`,
    max: QUEUES.length,
    connectionTimeoutMillis: 5_000,
  });
  pool.on('error', () => undefined);
  // Every queue adds a listener.
  pool.setMaxListeners(0);
  const connection = /** @type {import('bullmq').PostgresConnectionOptions} */ (
    /** @type {unknown} */ (pool)
  );
  const queues = QUEUES.map((queueName) => {
    const queue = new Queue(queueName, { connection }, createPostgresBackend);
    // Its type names its store.
    return /** @type {Queue} */ (/** @type {unknown} */ (queue));
  });
  for (const queue of queues) queue.on('error', () => undefined);
  try {
    return await use(queues);
  } finally {
    await Promise.allSettled(queues.map((queue) => queue.close()));
    await pool.end();
  }
}

/** @param {readonly Queue[]} queues @returns {Promise<number>} unfinished jobs, including failed ones */
export async function pendingIn(queues) {
  const counts = await Promise.all(queues.map((queue) => queue.getJobCountByTypes(...PENDING)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Waits until no job is left. @param {() => Promise<number>} pending @param {number} [withinMs] @throws {Error} after it */
async function untilNone(pending, withinMs = EMPTY_WITHIN_MS) {
  const deadline = Date.now() + withinMs;
  for (let jobs = await pending(); jobs > 0; jobs = await pending()) {
    goOn();
    if (Date.now() > deadline) throw new Error(`${jobs} jobs are left in the queue.`);
    await sleep(50);
  }
}

/** The queues of a gateway on PostgreSQL, read from outside. */
export class PostgresQueues {
  /** @param {() => string} databaseUrl known once the gateway has started */
  constructor(databaseUrl) {
    this.databaseUrl = databaseUrl;
  }

  /** @returns {Promise<number>} unfinished jobs, including failed ones */
  pending() {
    return withPostgresQueues(this.databaseUrl(), pendingIn);
  }

  /** Waits until no job is left. @throws {Error} after a timeout */
  async untilEmpty() {
    await withPostgresQueues(this.databaseUrl(), (queues) => untilNone(() => pendingIn(queues)));
  }
}

/** The queues of a gateway on Redis, read from outside. */
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

  /** Waits until no job is left. @param {number} [withinMs] @throws {Error} after it */
  untilEmpty(withinMs) {
    return untilNone(() => this.pending(), withinMs);
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
