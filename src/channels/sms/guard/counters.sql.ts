import type pg from 'pg';
import type { Counter } from './apply-reservations.js';
import type { CounterKey } from './limits-of.js';

/** A counter in one step of its window. */
export interface CounterStep extends CounterKey {
  readonly windowStart: Date;
}

export type CountedStep = CounterStep & Pick<Counter, 'texts' | 'costMicros'>;

/**
 * Runs `work` when it is the app's turn, over all processes: a lock that ends with the transaction.
 *
 * @param work is given the time by the database's clock, which is the same for all.
 * @throws Error of the driver where the database is away, or the turn does not come within 5 s. Then nothing is
 *   written; only where the connection breaks at the very end may it be.
 */
export async function inTurn<T>(
  sql: pg.Pool,
  appId: string,
  work: (client: pg.PoolClient, now: Date) => Promise<T>,
): Promise<T> {
  const client = await sql.connect();
  // What befalls a connection between two queries ends the process where nobody listens.
  let broken = false;
  const onError = (): void => void (broken = true);
  client.on('error', onError);
  try {
    // A process that vanishes in the middle must not keep the lock until TCP notices: the server ends what is left.
    await client.query(
      `BEGIN; SET LOCAL lock_timeout = '5s'; SET LOCAL idle_in_transaction_session_timeout = '15s'`,
    );
    // A statement of its own: the next one has to see what those before in the line have written.
    const { rows } = await client.query<{ now: Date }>({
      name: 'sms_counter.lock',
      text: `SELECT clock_timestamp() AS now FROM pg_advisory_xact_lock(hashtextextended($1, 0))`,
      values: [`sms ${appId}`],
    });
    const result = await work(client, rows[0]?.now ?? new Date());
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(onError);
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

// Lateral, so that each key is looked up in the index, however large the table has grown since it was planned.
const READ = `
SELECT counted.*
FROM unnest($2::text[], $3::text[], $4::timestamptz[]) WITH ORDINALITY AS k(scope, key, since, position)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(c.texts), 0)::float8 AS texts, coalesce(sum(c.cost_micros), 0)::float8 AS "costMicros",
         coalesce(bool_or(c.warned), false) AS warned, coalesce(bool_or(c.stopped), false) AS stopped
  FROM sms_counter c
  WHERE c.app_id = $1 AND c.scope = k.scope AND c.key = k.key AND c.window_start >= k.since
) counted
ORDER BY k.position`;

/** What each counter has come to since a moment of its own, in the order of `counters`. */
export async function readCounters(
  client: pg.ClientBase,
  appId: string,
  counters: readonly (CounterKey & { readonly since: Date })[],
): Promise<readonly Counter[]> {
  const { rows } = await client.query<Counter>({
    name: 'sms_counter.read',
    text: READ,
    values: [
      appId,
      counters.map(({ scope }) => scope),
      counters.map(({ key }) => key),
      counters.map(({ since }) => since),
    ],
  });
  return rows;
}

const ADD = `
INSERT INTO sms_counter AS c (app_id, scope, key, window_start, texts, cost_micros, warned, stopped)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::int[], $6::bigint[], $7::bool[], $8::bool[])
ON CONFLICT (app_id, scope, key, window_start) DO UPDATE
SET texts = c.texts + excluded.texts, cost_micros = c.cost_micros + excluded.cost_micros,
    warned = c.warned OR excluded.warned, stopped = c.stopped OR excluded.stopped`;

/** Adds to counters, each of which may be named once. */
export async function addToCounters(
  client: pg.ClientBase,
  appId: string,
  changes: readonly (CounterStep & Counter)[],
): Promise<void> {
  await client.query({
    name: 'sms_counter.add',
    text: ADD,
    values: [
      appId,
      changes.map(({ scope }) => scope),
      changes.map(({ key }) => key),
      changes.map(({ windowStart }) => windowStart),
      changes.map(({ texts }) => texts),
      changes.map(({ costMicros }) => costMicros),
      changes.map(({ warned }) => warned),
      changes.map(({ stopped }) => stopped),
    ],
  });
}

const TAKE_BACK = `
UPDATE sms_counter c SET texts = greatest(0, c.texts - back.texts), cost_micros = greatest(0, c.cost_micros - back.micros)
FROM (
  SELECT scope, key, window_start, sum(texts)::int AS texts, sum(micros)::bigint AS micros
  FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::int[], $6::bigint[]) AS b(scope, key, window_start, texts, micros)
  GROUP BY scope, key, window_start
) back
WHERE c.app_id = $1 AND c.scope = back.scope AND c.key = back.key AND c.window_start = back.window_start`;

/** Takes back what was added, from the same steps. */
export async function takeBack(
  client: pg.ClientBase,
  appId: string,
  steps: readonly CountedStep[],
): Promise<void> {
  await client.query({
    name: 'sms_counter.take_back',
    text: TAKE_BACK,
    values: [
      appId,
      steps.map(({ scope }) => scope),
      steps.map(({ key }) => key),
      steps.map(({ windowStart }) => windowStart),
      steps.map(({ texts }) => texts),
      steps.map(({ costMicros }) => costMicros),
    ],
  });
}

const DELETE_BATCH = 5_000;

/** Deletes steps that began before `before`, in batches, so that no statement locks much or runs long. @returns how many. */
export async function deleteCounters(sql: pg.Pool, before: Date): Promise<number> {
  let deleted = 0;
  for (;;) {
    // Several processes may do this at once: none waits for another.
    const { rowCount } = await sql.query(
      `DELETE FROM sms_counter WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM sms_counter WHERE window_start < $1 LIMIT ${DELETE_BATCH} FOR UPDATE SKIP LOCKED))`,
      [before],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < DELETE_BATCH) return deleted;
  }
}
