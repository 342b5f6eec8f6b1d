import { once } from 'node:events';
import { quoteSchemaName, runMigrations } from 'bullmq';
import pg from 'pg';
import type { RedisSettings } from '../../platform/config/redis-settings.js';
import { QUEUES } from '../jobs.js';
import { connectRedis, type RedisClient } from './redis-connection.js';

/** Where the queue lives: in a schema of its own on PostgreSQL, or on Redis. */
export type QueueStore = PostgresStore | RedisStore;

const SCHEMA = 'bullmq';
const POOL_SIZE = 10;
/** One listening connection for each lane's worker, and some to fetch and to finish jobs. */
const WORKER_POOL_SIZE = QUEUES.length + 10;
/** Pause before a Redis connection that ended unexpectedly is opened again, in ms. */
const RECONNECT_AFTER_MS = 1_000;
/** A statement that takes longer failed, in ms: its server may have vanished without a word. */
const QUERY_TIMEOUT_MS = 30_000;

/** Connections to the queue's PostgreSQL. */
export class PostgresStore {
  /** For all but workers, which have their own: many questions about jobs must not hold up those who do them. */
  readonly pool: pg.Pool;
  private forWorkers: pg.Pool | undefined;

  constructor(private readonly url: string) {
    this.pool = this.connect(POOL_SIZE);
  }

  /** Made when the first worker asks for it. */
  get workerPool(): pg.Pool {
    return (this.forWorkers ??= this.connect(WORKER_POOL_SIZE));
  }

  /** Creates or updates the queue's own schema. */
  async migrate(): Promise<void> {
    const client = await this.pool.connect();
    try {
      await runMigrations(client, SCHEMA);
    } finally {
      client.release();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.forWorkers?.end()]);
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
    // Every queue and worker listens on it, which is more than Node expects of one emitter.
    pool.setMaxListeners(0);
    return pool;
  }
}

/** Connections to the queue's Redis. */
export class RedisStore {
  /** For all but workers, which have their own: an intake that waits for replicas must hold up no worker. */
  readonly client: RedisClient;
  private forWorkers: RedisClient | undefined;
  private readonly open = new Set<RedisClient>();

  constructor(
    private readonly url: string,
    readonly settings: RedisSettings,
  ) {
    this.client = this.connect();
  }

  /** Made when the first worker asks for it. */
  get workerClient(): RedisClient {
    return (this.forWorkers ??= this.connect());
  }

  /** Opens one more connection. */
  connect(): RedisClient {
    const client = connectRedis(this.url, this.settings);
    this.open.add(client);
    // ioredis reconnects by itself except from the status `end`, which only `disconnect` below should lead to.
    client.on('end', () => {
      setTimeout(() => {
        if (this.open.has(client) && client.status === 'end') client.connect().catch(() => undefined);
      }, RECONNECT_AFTER_MS).unref();
    });
    // Queues and workers tell of its errors; with no listener at all, one would end the process.
    return client.on('error', () => undefined);
  }

  disconnect(client: RedisClient): void {
    this.open.delete(client);
    client.disconnect();
  }

  /** Waits until it is connected, but no longer than `timeoutMs`: or the first webhooks would be refused. */
  async untilReady(timeoutMs: number): Promise<void> {
    if (this.client.status === 'ready') return;
    await once(this.client, 'ready', { signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined);
  }

  close(): void {
    for (const client of this.open) this.disconnect(client);
  }
}
