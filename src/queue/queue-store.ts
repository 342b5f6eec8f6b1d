import { quoteSchemaName, runMigrations } from 'bullmq';
import pg from 'pg';

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
