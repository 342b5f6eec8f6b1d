import type pg from 'pg';
import { columns } from '../../../platform/database/columns.js';
import { prepared, statement } from '../../../platform/database/statement.js';
import type { Counter } from './apply-reservations.js';
import type { CounterKey } from './limits-of.js';

/** A counter in one step of its window. */
export interface CounterStep extends CounterKey {
  readonly windowStart: Date;
}

export type CountedStep = CounterStep & Pick<Counter, 'texts' | 'costMicros'>;

const LOCK = prepared<'key', { now: Date }>(
  'sms_counter.lock',
  'SELECT clock_timestamp() AS now FROM pg_advisory_xact_lock(hashtextextended(:key, 0))',
);

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
    const [row] = await LOCK.rows(client, { key: `sms ${appId}` });
    const result = await work(client, row?.now ?? new Date());
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
const READ = prepared<'appId' | 'scope' | 'key' | 'since', Counter>(
  'sms_counter.read',
  `
SELECT counted.*
FROM unnest(:scope::text[], :key::text[], :since::timestamptz[]) WITH ORDINALITY AS k(scope, key, since, position)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(c.texts), 0)::float8 AS texts, coalesce(sum(c.cost_micros), 0)::float8 AS "costMicros",
         coalesce(bool_or(c.warned), false) AS warned, coalesce(bool_or(c.stopped), false) AS stopped
  FROM sms_counter c
  WHERE c.app_id = :appId AND c.scope = k.scope AND c.key = k.key AND c.window_start >= k.since
) counted
ORDER BY k.position`,
);

/** What each counter has come to since a moment of its own, in the order of `counters`. */
export function readCounters(
  client: pg.ClientBase,
  appId: string,
  counters: readonly (CounterKey & { readonly since: Date })[],
): Promise<readonly Counter[]> {
  return READ.rows(client, { appId, ...columns(counters, 'scope', 'key', 'since') });
}

const ADD = prepared<'appId' | keyof CounterStep | keyof Counter>(
  'sms_counter.add',
  `
INSERT INTO sms_counter AS c (app_id, scope, key, window_start, texts, cost_micros, warned, stopped)
SELECT :appId, * FROM unnest(:scope::text[], :key::text[], :windowStart::timestamptz[], :texts::int[],
                             :costMicros::bigint[], :warned::bool[], :stopped::bool[])
ON CONFLICT (app_id, scope, key, window_start) DO UPDATE
SET texts = c.texts + excluded.texts, cost_micros = c.cost_micros + excluded.cost_micros,
    warned = c.warned OR excluded.warned, stopped = c.stopped OR excluded.stopped`,
);

/** Adds to counters, each of which may be named once. */
export async function addToCounters(
  client: pg.ClientBase,
  appId: string,
  changes: readonly (CounterStep & Counter)[],
): Promise<void> {
  const steps = columns(changes, 'scope', 'key', 'windowStart', 'texts', 'costMicros', 'warned', 'stopped');
  await ADD.run(client, { appId, ...steps });
}

const TAKE_BACK = prepared<'appId' | keyof CountedStep>(
  'sms_counter.take_back',
  `
UPDATE sms_counter c SET texts = greatest(0, c.texts - back.texts), cost_micros = greatest(0, c.cost_micros - back.micros)
FROM (
  SELECT scope, key, window_start, sum(texts)::int AS texts, sum(micros)::bigint AS micros
  FROM unnest(:scope::text[], :key::text[], :windowStart::timestamptz[], :texts::int[], :costMicros::bigint[])
    AS b(scope, key, window_start, texts, micros)
  GROUP BY scope, key, window_start
) back
WHERE c.app_id = :appId AND c.scope = back.scope AND c.key = back.key AND c.window_start = back.window_start`,
);

/** Takes back what was added, from the same steps. */
export async function takeBack(
  client: pg.ClientBase,
  appId: string,
  steps: readonly CountedStep[],
): Promise<void> {
  const back = columns(steps, 'scope', 'key', 'windowStart', 'texts', 'costMicros');
  await TAKE_BACK.run(client, { appId, ...back });
}

const DELETE_BATCH = 5_000;
// Several processes may do this at once: none waits for another.
const DELETE = statement<'before'>(`
DELETE FROM sms_counter WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM sms_counter WHERE window_start < :before LIMIT ${DELETE_BATCH} FOR UPDATE SKIP LOCKED))`);

/** Deletes steps that began before `before`, in batches, so that no statement locks much or runs long. @returns how many. */
export async function deleteCounters(sql: pg.Pool, before: Date): Promise<number> {
  let deleted = 0;
  for (;;) {
    const count = await DELETE.run(sql, { before });
    deleted += count;
    if (count < DELETE_BATCH) return deleted;
  }
}
