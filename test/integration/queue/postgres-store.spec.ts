import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PostgresStore } from '../../../src/queue/bullmq/queue-store.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';

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
});
