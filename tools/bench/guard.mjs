// `node tools/bench/guard.mjs`: what it costs to reserve a text under the brake against pumping alone, as it comes, and
// under all nine limits, from one process and from two (ADR 0021). Every run starts on an empty table and ends with a count.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { withTemporaryPostgres } from '../../scripts/temporary-postgres.mjs';
import { machine, table, takeTurns } from './runs.mjs';

/** @typedef {import('./runs.mjs').Run} Run */

const TEXTS = 10_000;
const TURNS = 5;
/** As in the gateway: deliveries under way at once in one process. */
const CONCURRENCY = 100;

const { migrate } = await import('../../src/platform/database/migrate.js');

await withTemporaryPostgres(async (url) => {
  await migrate(url, 'prisma/migrations');
  const sql = new pg.Pool({ connectionString: url, max: 2 });
  // The server ends before the last idle connection has said goodbye.
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
  const candidates = ['brake alone', 'nine limits'].flatMap((limits) => [
    { name: `${limits}, one process`, limits, own: processes.slice(0, 1) },
    { name: `${limits}, two processes`, limits, own: processes },
  ]);
  const runs = await takeTurns(candidates, TURNS, async ({ name, limits, own }) => {
    await sql.query('TRUNCATE sms_counter');
    const count = TEXTS / own.length;
    const results = await Promise.all(
      own.map(async (child, index) => {
        child.send({ limits, from: index * count, count, concurrency: CONCURRENCY });
        return /** @type {[Run]} */ (await once(child, 'message'))[0];
      }),
    );
    const { rows } = await sql.query(
      `SELECT sum(texts)::int AS texts FROM sms_counter WHERE scope = 'prefix'`,
    );
    const { texts } = /** @type {{ texts: number }} */ (rows[0]);
    if (texts !== TEXTS) throw new Error(`${name}: ${texts} counted instead of ${TEXTS}.`);
    return {
      perSecond: results.reduce((sum, { perSecond }) => sum + perSecond, 0),
      cpuMicros: results.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0) / results.length,
    };
  });
  console.log(
    `Texts reserved: ${TEXTS} a run, ${CONCURRENCY} at once in each process, medians of ${TURNS} runs,\n` +
      `embedded PostgreSQL beside them on ${machine()}\n\n${table(runs)}`,
  );
  for (const child of processes) child.disconnect();
  await sql.end();
});
