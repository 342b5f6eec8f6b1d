import type pg from 'pg';
import { statement } from '../../platform/database/statement.js';

const BATCH = 1_000;

const deleteOldest = (table: string, column: string) =>
  statement<'before'>(`
DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM ${table} WHERE ${column} < :before ORDER BY ${column} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))`);

const DELETE_FROM = {
  seen_message: deleteOldest('seen_message', 'seen_at'),
  texted_message: deleteOldest('texted_message', 'texted_at'),
};

/**
 * Deletes rows older than `before` in steps, so that no statement locks many rows or runs long.
 *
 * @returns the number of deleted rows.
 */
export async function deleteInSteps(
  sql: pg.Pool,
  table: keyof typeof DELETE_FROM,
  before: Date,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const count = await DELETE_FROM[table].run(sql, { before });
    deleted += count;
    if (count < BATCH) return deleted;
  }
}
