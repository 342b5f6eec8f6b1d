import pg from 'pg';
import { statement } from '../../platform/database/statement.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { firstIdAt, momentOf } from '../../platform/ids/new-id.js';

// The ledger's tables are partitioned by the time in their ids (ADR 0031). Each has partitions of its own, all within
// the same bounds; `…_default` takes what has none, so that a row is never refused; `…_before` is what there was
// before there were partitions.

/** In the order in which partitions are dropped: what is left when that is interrupted is found by nobody. */
const TABLES = [
  { table: 'notification', key: 'id' },
  { table: 'attempt', key: 'delivery_id' },
  { table: 'delivery', key: 'id' },
] as const;
type Table = (typeof TABLES)[number];

/** Processes that look after the partitions at the same moment do so one after the other. */
const LOCK = 72_707_431;
/**
 * While a lock on a table is waited for, everybody else waits behind it: so nobody waits longer than that. Whoever
 * holds the table so long, a backup say, is waited for by trying again an hour later.
 */
const LOCK_TIMEOUT_MS = 500;
const IN_USE = new Set(['55P03', '40P01']);
const MS_PER_DAY = 86_400_000;
/** Partitions that there are before their time comes; an hourly job makes them. */
const AHEAD = 2;
const DELETE_BATCH = 5_000;
/** Of so many days' retention each partition is one part, so that their number does not grow with it. */
const PARTS = 15;

const WAIT_FOR_TURN = statement<'lock'>('SELECT pg_advisory_xact_lock(:lock)');
const IS_THERE = statement<'table'>('SELECT 1 WHERE to_regclass(:table) IS NOT NULL');
const PARTITIONS = statement<'table', { name: string; bounds: string }>(`
SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = :table::regclass`);
const deleteOldest = (table: string, key: string) =>
  statement<'before' | 'limit'>(`
DELETE FROM "${table}" WHERE (tableoid, ctid) IN (
  SELECT tableoid, ctid FROM "${table}" WHERE ${key} < :before ORDER BY ${key} LIMIT :limit)`);

interface Partition {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Upkeep {
  /** Partitions that were made or dropped. */
  readonly done: readonly string[];
  /** Those that were in use too long. */
  readonly postponed: readonly string[];
}

/** How many days a partition is for: what is dropped with it is so much older at most than it would have to be. */
export function partitionDays(retentionDays: number): number {
  return Math.ceil(retentionDays / PARTS);
}

/** Makes the partitions of today and of the time to come, each of so many days, unless they are there. */
export async function makePartitions(sql: pg.Pool, days: number, now = new Date()): Promise<Upkeep> {
  return upkeep(sql, async (table) => {
    const existing = await partitionsOf(sql, table);
    return missing(existing, days * MS_PER_DAY, now.getTime()).map((span) => {
      const name = `${table.table}_${new Date(span.fromMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
      return { name, run: (client) => make(client, table, { name, ...span }) };
    });
  });
}

/** Drops the partitions that hold nothing made at or after `before`. */
export async function dropPartitions(sql: pg.Pool, before: Date): Promise<Upkeep> {
  return upkeep(sql, async (table) => {
    const old = (await partitionsOf(sql, table)).filter(({ toMs }) => toMs <= before.getTime());
    return old.map(({ name }) => ({ name, run: (client) => client.query(`DROP TABLE IF EXISTS "${name}"`) }));
  });
}

/**
 * Deletes what is older than `before` where it does not go with its partition: what was there before partitions were,
 * and what came when there was none for it.
 *
 * @returns how many notifications there were among it.
 */
export async function deleteUnpartitioned(sql: pg.Pool, before: Date): Promise<number> {
  let notifications = 0;
  for (const { table, key } of TABLES) {
    for (const name of [`${table}_before`, `${table}_default`]) {
      if ((await IS_THERE.run(sql, { table: name })) === 0) continue;
      const batch = deleteOldest(name, key);
      for (let count = DELETE_BATCH; count === DELETE_BATCH;) {
        count = await batch.run(sql, { before: firstIdAt(before), limit: DELETE_BATCH });
        if (table === 'notification') notifications += count;
      }
    }
  }
  return notifications;
}

interface Step {
  readonly name: string;
  readonly run: (client: pg.PoolClient) => Promise<unknown>;
}

/** Each step in a transaction of its own, so that no lock is held for longer than one of them takes. */
async function upkeep(sql: pg.Pool, stepsFor: (table: Table) => Promise<readonly Step[]>): Promise<Upkeep> {
  const done: string[] = [];
  const postponed: string[] = [];
  for (const table of TABLES) {
    for (const { name, run } of await stepsFor(table)) {
      const step = (): Promise<void> =>
        inTransaction(sql, async (client) => {
          await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
          await WAIT_FOR_TURN.run(client, { lock: LOCK });
          await run(client);
        });
      try {
        await step().catch((error: unknown) => {
          if (error instanceof RowsArrived) return step();
          throw error;
        });
        done.push(name);
      } catch (error) {
        if (!(error instanceof pg.DatabaseError && IN_USE.has(error.code ?? ''))) throw error;
        postponed.push(name);
      }
    }
  }
  return { done, postponed };
}

/** Those with bounds, in their order. */
async function partitionsOf(sql: pg.Pool, { table }: Table): Promise<Partition[]> {
  const rows = await PARTITIONS.rows(sql, { table });
  return rows
    .flatMap(({ name, bounds }) => {
      const [, from, to] = /^FOR VALUES FROM \('?(.+?)'?\) TO \('(.+?)'\)$/.exec(bounds) ?? [];
      if (from === undefined || to === undefined) return [];
      const fromMs = from === 'MINVALUE' ? -Infinity : momentOf(from).getTime();
      return [{ name, fromMs, toMs: momentOf(to).getTime() }];
    })
    .toSorted((a, b) => a.fromMs - b.fromMs);
}

/** What is not covered from now on; also where the partitions so far were longer or shorter. */
function missing(existing: readonly Partition[], lengthMs: number, nowMs: number): Omit<Partition, 'name'>[] {
  const spans: Omit<Partition, 'name'>[] = [];
  const end = (Math.floor(nowMs / lengthMs) + 1 + AHEAD) * lengthMs;
  for (let at = Math.floor(nowMs / lengthMs) * lengthMs; at < end;) {
    const covering = existing.find(({ fromMs, toMs }) => fromMs <= at && at < toMs);
    const next = existing.find(({ fromMs }) => fromMs > at)?.fromMs ?? Infinity;
    const toMs = covering?.toMs ?? Math.min((Math.floor(at / lengthMs) + 1) * lengthMs, next);
    if (!covering) spans.push({ fromMs: at, toMs });
    at = toMs;
  }
  return spans;
}

/** Rows came between the look for them and the lock: the partition is made again, with the lock that moving them takes. */
class RowsArrived extends Error {}

async function make(
  client: pg.PoolClient,
  { table, key }: Table,
  { name, fromMs, toMs }: Partition,
): Promise<void> {
  if ((await IS_THERE.run(client, { table: name })) > 0) return; // another process was quicker
  const [from, to] = [firstIdAt(new Date(fromMs)), firstIdAt(new Date(toMs))];
  // Not PARTITION OF: that would lock the whole table. To attach locks no more than the default partition.
  await client.query(`CREATE TABLE "${name}" (LIKE "${table}" INCLUDING DEFAULTS)`);
  const rowsMove = `SELECT 1 FROM "${table}_default" WHERE ${key} >= '${from}' AND ${key} < '${to}' LIMIT 1`;
  const { rowCount } = await client.query(rowsMove);
  // A statement looks up the partitions when it is planned. Planned before the move and run after it, it would miss
  // the rows that moved, and a claim or a result would be lost: so all statements wait until the partition is attached.
  if (rowCount) await client.query(`LOCK TABLE ONLY "${table}" IN ACCESS EXCLUSIVE MODE`);
  await client.query(`LOCK TABLE "${table}_default" IN ACCESS EXCLUSIVE MODE`);
  if (!rowCount && (await client.query(rowsMove)).rowCount) throw new RowsArrived();
  await client.query(
    `WITH moved AS (DELETE FROM "${table}_default" WHERE ${key} >= '${from}' AND ${key} < '${to}' RETURNING *)
     INSERT INTO "${name}" SELECT * FROM moved`,
  );
  await client.query(
    `ALTER TABLE "${table}" ATTACH PARTITION "${name}" FOR VALUES FROM ('${from}') TO ('${to}')`,
  );
}
