import pg from 'pg';
import { statement } from '../../platform/database/statement.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { firstIdAt, momentOf } from '../../platform/ids/new-id.js';

// The ledger's tables are partitioned by the time in their ids (ADR 0031), each with its own partitions in the same
// bounds; tallies by their start. `…_default` takes rows outside all bounds, so that no row is refused; `…_before` holds
// the rows from before partitioning.

/** A partitioned table, and how its partitions' bounds express a time. */
export interface PartitionedTable {
  readonly table: string;
  readonly key: string;
  readonly boundAt: (moment: Date) => string;
  readonly momentOf: (bound: string) => Date;
}

const BY_ID = { boundAt: firstIdAt, momentOf } as const;
const BY_TIME = {
  boundAt: (moment: Date) => moment.toISOString(),
  momentOf: (bound: string) => new Date(bound.replace(' ', 'T').replace(/[+-]\d\d$/, '$&:00')),
} as const;

/** In drop order: rows left after an interruption are not reachable from a notification. */
const LEDGER: readonly PartitionedTable[] = [
  { table: 'notification', key: 'id', ...BY_ID },
  { table: 'attempt', key: 'delivery_id', ...BY_ID },
  { table: 'delivery', key: 'id', ...BY_ID },
];
export const TALLY: readonly PartitionedTable[] = [{ table: 'tally', key: 'start', ...BY_TIME }];

/** Advisory lock that serialises partition maintenance across processes. */
const LOCK = 72_707_431;
/**
 * All other statements wait behind a waiting table lock, so the wait is short. If the table is in use for longer, by a
 * backup for example, the run an hour later tries again.
 */
const LOCK_TIMEOUT_MS = 500;
const IN_USE = new Set(['55P03', '40P01']);
const MS_PER_DAY = 86_400_000;
/** Number of partitions created ahead of time by an hourly job. */
const AHEAD = 2;
const DELETE_BATCH = 5_000;
/** Partitions per retention period, so that their number does not grow with its length. */
const PARTS = 15;

const LOCK_MAINTENANCE = statement<'lock'>('SELECT pg_advisory_xact_lock(:lock)');
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
  /** Partitions created or dropped. */
  readonly done: readonly string[];
  /** Partitions that were in use for too long. */
  readonly postponed: readonly string[];
}

/** Length of a partition in days, by which rows may outlive their retention. */
export function partitionDays(retentionDays: number): number {
  return Math.ceil(retentionDays / PARTS);
}

/** Creates the missing partitions for today and the time ahead, of `days` days each. */
export async function makePartitions(
  sql: pg.Pool,
  days: number,
  now = new Date(),
  tables = LEDGER,
): Promise<Upkeep> {
  return upkeep(sql, tables, async (table) => {
    const existing = await partitionsOf(sql, table);
    return missing(existing, days * MS_PER_DAY, now.getTime()).map((span) => {
      const name = `${table.table}_${new Date(span.fromMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
      return { name, run: (client) => make(client, table, { name, ...span }) };
    });
  });
}

/** Drops the partitions that end at or before `before`. */
export async function dropPartitions(sql: pg.Pool, before: Date, tables = LEDGER): Promise<Upkeep> {
  return upkeep(sql, tables, async (table) => {
    const old = (await partitionsOf(sql, table)).filter(({ toMs }) => toMs <= before.getTime());
    return old.map(({ name }) => ({ name, run: (client) => client.query(`DROP TABLE IF EXISTS "${name}"`) }));
  });
}

/**
 * Deletes rows older than `before` that no dated partition holds: those from before partitioning, and those that came
 * when their partition was missing.
 *
 * @returns the number of deleted notifications.
 */
export async function deleteUnpartitioned(sql: pg.Pool, before: Date, tables = LEDGER): Promise<number> {
  let notifications = 0;
  for (const { table, key, boundAt } of tables) {
    for (const name of [`${table}_before`, `${table}_default`]) {
      if ((await IS_THERE.run(sql, { table: name })) === 0) continue;
      const batch = deleteOldest(name, key);
      for (let count = DELETE_BATCH; count === DELETE_BATCH;) {
        count = await batch.run(sql, { before: boundAt(before), limit: DELETE_BATCH });
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

/** Runs each step in its own transaction, so that no lock outlasts its step. */
async function upkeep(
  sql: pg.Pool,
  tables: readonly PartitionedTable[],
  stepsFor: (table: PartitionedTable) => Promise<readonly Step[]>,
): Promise<Upkeep> {
  const done: string[] = [];
  const postponed: string[] = [];
  for (const table of tables) {
    for (const { name, run } of await stepsFor(table)) {
      const step = (): Promise<void> =>
        inTransaction(sql, async (client) => {
          await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
          await LOCK_MAINTENANCE.run(client, { lock: LOCK });
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

/** A partition of a table of the ledger. */
export interface LedgerPartition {
  readonly table: string;
  readonly name: string;
  /** Null: from the beginning. */
  readonly from: Date | null;
  readonly to: Date;
}

/** The partitions with bounds, by table and time. */
export async function listPartitions(sql: pg.Pool): Promise<LedgerPartition[]> {
  const ofTables = await Promise.all(
    LEDGER.map(async (table) =>
      (await partitionsOf(sql, table)).map(({ name, fromMs, toMs }) => ({
        ...{ table: table.table, name, to: new Date(toMs) },
        from: Number.isFinite(fromMs) ? new Date(fromMs) : null,
      })),
    ),
  );
  return ofTables.flat();
}

/** The partitions with bounds, in order. */
async function partitionsOf(sql: pg.Pool, { table, ...bound }: PartitionedTable): Promise<Partition[]> {
  const rows = await PARTITIONS.rows(sql, { table });
  return rows
    .flatMap(({ name, bounds }) => {
      const [, from, to] = /^FOR VALUES FROM \('?(.+?)'?\) TO \('(.+?)'\)$/.exec(bounds) ?? [];
      if (from === undefined || to === undefined) return [];
      const fromMs = from === 'MINVALUE' ? -Infinity : bound.momentOf(from).getTime();
      return [{ name, fromMs, toMs: bound.momentOf(to).getTime() }];
    })
    .toSorted((a, b) => a.fromMs - b.fromMs);
}

/** Spans from now on that no partition covers, also after the length of partitions has changed. */
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

/** Rows arrived between the check and the lock: the partition is created again, with the lock needed to move them. */
class RowsArrived extends Error {}

async function make(
  client: pg.PoolClient,
  { table, key, boundAt }: PartitionedTable,
  { name, fromMs, toMs }: Partition,
): Promise<void> {
  if ((await IS_THERE.run(client, { table: name })) > 0) return; // created by another process
  const [from, to] = [boundAt(new Date(fromMs)), boundAt(new Date(toMs))];
  // Not PARTITION OF, which would lock the whole table; ATTACH locks only the default partition.
  await client.query(`CREATE TABLE "${name}" (LIKE "${table}" INCLUDING DEFAULTS)`);
  const rowsMove = `SELECT 1 FROM "${table}_default" WHERE ${key} >= '${from}' AND ${key} < '${to}' LIMIT 1`;
  const { rowCount } = await client.query(rowsMove);
  // A statement looks up the partitions when it is planned. Planned before the move and run after it, it would miss
  // the moved rows and lose a claim or a result, so all statements wait until the partition is attached.
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
