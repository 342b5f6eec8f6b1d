import { once } from 'node:events';
import { quoteSchemaName, runMigrations } from 'bullmq';
import pg from 'pg';
import type { RedisSettings } from '../platform/config/redis-settings.js';
import { connectRedis, type RedisClient } from './redis-connection.js';

/** Where the queue lives: in a schema of its own on PostgreSQL, or on Redis. */
export type QueueStore = { readonly pool: pg.Pool } | RedisStore;

const SCHEMA = 'bullmq';
/** One listening connection for each lane's worker, and some for everything else. */
const POOL_SIZE = 20;

/** Makes or updates the queue's own schema and returns a pool of connections that see it. */
export async function openPostgresQueue(connectionString: string): Promise<pg.Pool> {
  const pool = new pg.Pool({
    connectionString,
    options: `-c search_path=${quoteSchemaName(SCHEMA)}`,
    max: POOL_SIZE,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    application_name: 'bellhop-queue',
  });
  pool.on('error', () => undefined);
  // Every queue and worker listens on it, which is more than Node expects of one emitter.
  pool.setMaxListeners(0);
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
  return pool;
}

/** Connections to the queue's Redis. */
export class RedisStore {
  /** For all but workers, which have their own: an intake that waits for replicas must hold up no worker. */
  readonly client: RedisClient;
  private forWorkers: RedisClient | undefined;

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

  /** Waits until it is connected, but no longer than `timeoutMs`: or the first webhooks would be refused. */
  async untilReady(timeoutMs: number): Promise<void> {
    if (this.client.status === 'ready') return;
    await once(this.client, 'ready', { signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined);
  }

  close(): void {
    this.client.disconnect();
    this.forWorkers?.disconnect();
  }

  private connect(): RedisClient {
    const client = connectRedis(this.url, this.settings);
    // Queues and workers tell of its errors; with no listener at all, one would end the process.
    return client.on('error', () => undefined);
  }
}
