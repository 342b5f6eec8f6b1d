// `npm run bench:guard`: the cost of reserving an SMS with the default pumping limit alone and with all nine limits, from
// one process and from two (ADR 0021). Every run starts with an empty table and verifies the count.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { withTemporaryPostgres } from '../../scripts/temporary-postgres.mjs';
import { machine, table, takeTurns } from './runs.mjs';

/** @typedef {import('./runs.mjs').Run} Run */

const SMS_PER_RUN = 10_000;
const TURNS = 5;
/** Concurrent deliveries per process, as in the gateway. */
const CONCURRENCY = 100;

const { migrate } = await import('../../src/platform/database/migrate.js');

await withTemporaryPostgres(async (url) => {
  await migrate(url, 'prisma/migrations');
  const sql = new pg.Pool({ connectionString: url, max: 2 });
  // The server stops before the last idle connection is closed.
  sql.on('error', () => undefined);
  const processes = await Promise.all(
    [1, 2].map(async () => {
      const child = fork(new URL('guard-process.mjs', import.meta.url), {
        env: { ...process.env, DATABASE_URL: url },
      });
      await once(child, 'message');
      return child;
    }),
  );
  const candidates = ['pumping limit', 'nine limits'].flatMap((limits) => [
    { name: `${limits}, one process`, limits, own: processes.slice(0, 1) },
    { name: `${limits}, two processes`, limits, own: processes },
  ]);
  const runs = await takeTurns(candidates, TURNS, async ({ name, limits, own }) => {
    await sql.query('TRUNCATE sms_counter');
    const count = SMS_PER_RUN / own.length;
    const results = await Promise.all(
      own.map(async (child, index) => {
        child.send({ limits, from: index * count, count, concurrency: CONCURRENCY });
        return /** @type {[Run]} */ (await once(child, 'message'))[0];
      }),
    );
    const { rows } = await sql.query(
      `SELECT sum(texts)::int AS counted FROM sms_counter WHERE scope = 'prefix'`,
    );
    const { counted } = /** @type {{ counted: number }} */ (rows[0]);
    if (counted !== SMS_PER_RUN) throw new Error(`${name}: ${counted} counted instead of ${SMS_PER_RUN}.`);
    return {
      perSecond: results.reduce((sum, { perSecond }) => sum + perSecond, 0),
      cpuMicros: results.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0) / results.length,
    };
  });
  console.log(
    `SMS reserved: ${SMS_PER_RUN} per run, ${CONCURRENCY} concurrent per process, medians of ${TURNS} runs,\n` +
      `embedded PostgreSQL on the same machine: ${machine()}\n\n${table(runs)}`,
  );
  for (const child of processes) child.disconnect();
  await sql.end();
});
