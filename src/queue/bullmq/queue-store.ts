// Owns the queue's connections: given settings instead of connections, BullMQ 6.7 opens a pool or connection for each
// queue and worker, and ioredis 6.0 does not reconnect from the status `end` (`redis/event_handler.js`).
// Delete when BullMQ shares connections, separate ones for workers, and ioredis reconnects from `end`.

import { once } from 'node:events';
import { quoteSchemaName, runMigrations } from 'bullmq';
import pg from 'pg';
import type { RedisSettings } from '../../platform/config/redis-settings.js';
import { ALL_QUEUES } from '../jobs.js';
import { ORDER_PROMOTION } from './ordered-promotion.js';
import { connectRedis, type RedisClient } from './redis-connection.js';

/** The queue's store: a separate schema on PostgreSQL, or Redis. */
export type QueueStore = PostgresStore | RedisStore;

const SCHEMA = 'bullmq';
const POOL_SIZE = 10;
/** One listening connection per queue, and some to fetch and complete jobs. */
const WORKER_POOL_SIZE = ALL_QUEUES.length + 10;
/** Pause in ms before an unexpectedly ended Redis connection is reopened. */
const RECONNECT_AFTER_MS = 1_000;
/** Statement timeout in ms, for a server that vanished without closing its connections. */
const QUERY_TIMEOUT_MS = 30_000;

/** Connections to the queue's PostgreSQL. */
export class PostgresStore {
  /** For everything but workers, so that many queries about jobs do not delay their execution. */
  readonly pool: pg.Pool;
  private forWorkers: pg.Pool | undefined;

  constructor(private readonly url: string) {
    this.pool = this.connect(POOL_SIZE);
  }

  /** Created on first use. */
  get workerPool(): pg.Pool {
    return (this.forWorkers ??= this.connect(WORKER_POOL_SIZE));
  }

  /** Creates or updates the queue's schema. */
  async migrate(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await runMigrations(client, SCHEMA);
      await client.query(ORDER_PROMOTION);
    } finally {
      client.release();
    }
  }

  /**
   * Everything that used the connections is closed by now. A pool ends before the server has read the farewell of its
   * connections, so a server that stops as well, such as the embedded one, may end them with an error.
   */
  async close(): Promise<void> {
    const pools = [this.pool, ...(this.forWorkers ? [this.forWorkers] : [])];
    for (const pool of pools) pool.removeAllListeners('error').on('error', () => undefined);
    await Promise.all(pools.map((pool) => pool.end()));
  }

  private connect(max: number): pg.Pool {
    const pool = new pg.Pool({
      connectionString: this.url,
      options: `-c search_path=${quoteSchemaName(SCHEMA)}`,
      max,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: QUERY_TIMEOUT_MS,
      application_name: 'bellhop-queue',
    });
    pool.on('error', () => undefined);
    // Every queue and worker adds a listener, more than Node's limit.
    pool.setMaxListeners(0);
    return pool;
  }
}

/** Connections to the queue's Redis. */
export class RedisStore {
  /** For everything but workers, so that waiting for replicas does not delay them. */
  readonly client: RedisClient;
  private forWorkers: RedisClient | undefined;
  private readonly open = new Set<RedisClient>();

  constructor(
    private readonly url: string,
    readonly settings: RedisSettings,
  ) {
    this.client = this.connect();
  }

  /** Created on first use. */
  get workerClient(): RedisClient {
    return (this.forWorkers ??= this.connect());
  }

  /** Opens another connection. */
  connect(): RedisClient {
    const client = connectRedis(this.url, this.settings);
    this.open.add(client);
    // ioredis does not reconnect from the status `end`, which only `disconnect` below should cause.
    client.on('end', () => {
      setTimeout(() => {
        if (this.open.has(client) && client.status === 'end') client.connect().catch(() => undefined);
      }, RECONNECT_AFTER_MS).unref();
    });
    // Queues and workers log its errors; without any listener, an error would end the process.
    return client.on('error', () => undefined);
  }

  disconnect(client: RedisClient): void {
    this.open.delete(client);
    client.disconnect();
  }

  /** Waits for the connection, at most `timeoutMs`, so that the first webhooks are not refused. */
  async untilReady(timeoutMs: number): Promise<void> {
    if (this.client.status === 'ready') return;
    await once(this.client, 'ready', { signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined);
  }

  close(): void {
    for (const client of this.open) this.disconnect(client);
  }
}
