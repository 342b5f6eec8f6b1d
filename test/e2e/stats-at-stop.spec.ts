import { expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { startPostgres } from '../support/postgres.js';

it('keeps the last counts of a process that stops', async () => {
  const postgres = await startPostgres();
  const gateway = await startTestGateway({ postgres });
  for (const tag of ['1', '2']) expect((await gateway.webhook('push', push({ tag }))).statusCode).toBe(200);
  await gateway.close();
  const database = new pg.Client({ connectionString: postgres.url });
  await database.connect();
  const { rows } = await database.query<{ n: number }>(
    `SELECT sum(n)::int AS n FROM tally WHERE measure = 'webhooks' AND span_seconds = 60`,
  );
  await database.end();
  await postgres.close();
  expect(rows).toEqual([{ n: 2 }]);
});
