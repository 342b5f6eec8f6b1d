import type pg from 'pg';

const BATCH = 1_000;

/**
 * Deletes what is older than `before`, in steps, so that no statement locks much or runs long.
 *
 * @param table and @param column are names of ours, never of a caller.
 * @returns how many rows.
 */
export async function deleteInSteps(
  sql: pg.Pool,
  table: 'seen_message' | 'texted_message',
  column: 'seen_at' | 'texted_at',
  before: Date,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { rowCount } = await sql.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM ${table} WHERE ${column} < $1 ORDER BY ${column} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`,
      [before],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return deleted;
  }
}
