import type pg from 'pg';
import { columns } from '../../../platform/database/columns.js';
import { prepared, statement, type Connection } from '../../../platform/database/statement.js';
import type { Counter } from './apply-reservations.js';
import type { CounterKey } from './limits-of.js';

/** A counter within one step of its window. */
export interface CounterStep extends CounterKey {
  readonly windowStart: Date;
}

export type CountedStep = CounterStep & Pick<Counter, 'texts' | 'costMicros'>;

const LOCK = prepared<'key', { now: Date }>(
  'sms_counter.lock',
  'SELECT clock_timestamp() AS now FROM pg_advisory_xact_lock(hashtextextended(:key, 0))',
);

/**
 * Runs `work` in a transaction that holds the app's lock, which spans all processes.
 *
 * @param work gets the time by the database's clock.
 * @throws Error of the driver if the database is unavailable or the lock is not free within 5 s. Then nothing is written,
 *   unless the connection broke during the commit.
 */
export async function withAppLock<T>(
  sql: pg.Pool,
  appId: string,
  work: (client: pg.PoolClient, now: Date) => Promise<T>,
): Promise<T> {
  const client = await sql.connect();
  // Without a listener, a connection error between two queries ends the process.
  let broken = false;
  const onError = (): void => void (broken = true);
  client.on('error', onError);
  try {
    // The server ends the transaction of a vanished process, which would keep the lock until TCP times out.
    await client.query(
      `BEGIN; SET LOCAL lock_timeout = '5s'; SET LOCAL idle_in_transaction_session_timeout = '15s'`,
    );
    // A separate statement, so that the next one sees the writes of the previous lock holder.
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

// LATERAL makes the prepared plan look up each key in the index, however large the table has grown.
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

/** The sum of each counter since its `since`, in the order of `counters`. */
export function readCounters(
  client: Connection,
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

/** @param changes at most one per counter step. */
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

/** Subtracts from the steps that were counted. */
export async function takeBack(
  client: pg.ClientBase,
  appId: string,
  steps: readonly CountedStep[],
): Promise<void> {
  const back = columns(steps, 'scope', 'key', 'windowStart', 'texts', 'costMicros');
  await TAKE_BACK.run(client, { appId, ...back });
}

const DELETE_BATCH = 5_000;
// SKIP LOCKED: concurrent processes do not wait for each other.
const DELETE = statement<'before'>(`
DELETE FROM sms_counter WHERE ctid = ANY(ARRAY(
  SELECT ctid FROM sms_counter WHERE window_start < :before LIMIT ${DELETE_BATCH} FOR UPDATE SKIP LOCKED))`);

/** Deletes steps that began before `before`, in batches to keep locks short. @returns how many. */
export async function deleteCounters(sql: pg.Pool, before: Date): Promise<number> {
  let deleted = 0;
  for (;;) {
    const count = await DELETE.run(sql, { before });
    deleted += count;
    if (count < DELETE_BATCH) return deleted;
  }
}

const DELETE_NAMED = statement<'appId' | 'scopes' | 'keys'>(
  'DELETE FROM sms_counter WHERE app_id = :appId AND scope = ANY(:scopes::text[]) AND key = ANY(:keys::text[])',
);

/** Deletes counters, under the same lock as reservations. @returns their number. */
export function deleteNamedCounters(
  sql: pg.Pool,
  appId: string,
  counters: readonly CounterKey[],
): Promise<number> {
  const scopes = counters.flatMap(({ scope }) => [scope, `${scope}_money`]);
  const keys = counters.map(({ key }) => key);
  return withAppLock(sql, appId, (client) => DELETE_NAMED.run(client, { appId, scopes, keys }));
}
