import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { PostgresStore } from '../../../src/queue/bullmq/queue-store.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';
import { until } from '../../support/until.js';

let database: TestDatabase;
beforeAll(async () => (database = await startDatabase()));
afterAll(() => database.close());

describe('PostgresStore', () => {
  it('reports connection errors to its queues and workers, but none once it is closed', async () => {
    const store = new PostgresStore(database.url);
    const reported: unknown[] = [];
    for (const pool of [store.pool, store.workerPool]) {
      await pool.query('SELECT 1');
      pool.on('error', (error) => reported.push(error));
      pool.emit('error', new Error('terminating connection'));
    }
    expect(reported).toHaveLength(2);
    const pools = [store.pool, store.workerPool];
    await store.close();
    for (const pool of pools) pool.emit('error', new Error('terminating connection'));
    expect(reported).toHaveLength(2);
  });

  it('fetches jobs without deadlocks, in whatever order PostgreSQL finds the due ones', async () => {
    const store = new PostgresStore(database.url);
    await store.migrate();
    const clients = [
      await connect(),
      // One fetch finds the jobs in the order of the table, the other by the time when they are due.
      await connect('-c enable_indexscan=off -c enable_bitmapscan=off'),
      await connect('-c enable_seqscan=off -c enable_bitmapscan=off'),
    ] as const;
    const [blocker, ...fetchers] = clients;
    try {
      for (const [id, due] of [
        ['first', 3],
        ['second', 2],
        ['third', 1],
      ])
        await blocker.query(
          `INSERT INTO job (queue, id, seq, name, state, added_at_ms, process_at_ms)
           VALUES ('push', $1, nextval('job_seq'), 'test', 'delayed', 0, $2)`,
          [id, due],
        );
      await blocker.query(`BEGIN; SELECT FROM job WHERE id = 'second' FOR UPDATE`);
      const fetched = Promise.all(fetchers.map((client) => fetchJob(client)));
      await waiting(2);
      await blocker.query('COMMIT');
      const ids = await fetched;
      expect(ids).toHaveLength(2);
      expect(new Set(ids).size).toBe(2);
      expect(ids).not.toContain(undefined);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
      await store.close();
    }
  });
});

/** Connects to the queue's schema. */
async function connect(options = ''): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: database.url,
    options: `-c search_path=bullmq ${options}`,
  });
  await client.connect();
  return client;
}

/** Fetches a job as a worker does. @returns its id, if there was one */
async function fetchJob(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM move_to_active('push', $1, 30000, 10, 'worker', NULL, NULL)`,
    [randomUUID()],
  );
  return rows[0]?.id;
}

/** Waits until that many connections wait for a lock. */
async function waiting(connections: number): Promise<void> {
  const client = await connect();
  try {
    await until(async () => {
      const { rows } = await client.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows[0]?.n === connections;
    });
  } finally {
    await client.end();
  }
}
