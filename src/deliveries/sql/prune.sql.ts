import type pg from 'pg';
import { firstIdAt } from '../../platform/ids/new-id.js';

const PRUNE_BATCH = 5_000;

/** Deletes in steps, so that no statement locks much or runs long. */
export async function prune(sql: pg.Pool, before: Date): Promise<number> {
  let pruned = 0;
  for (;;) {
    const { rows } = await sql.query<{ count: number }>(
      `WITH old AS (SELECT id FROM notification WHERE id < $1::uuid ORDER BY id LIMIT $2),
       old_deliveries AS (DELETE FROM delivery WHERE notification_id IN (SELECT id FROM old) RETURNING id),
       old_attempts AS (DELETE FROM attempt WHERE delivery_id IN (SELECT id FROM old_deliveries)),
       gone AS (DELETE FROM notification WHERE id IN (SELECT id FROM old) RETURNING id)
       SELECT count(*)::int AS count FROM gone`,
      [firstIdAt(before), PRUNE_BATCH],
    );
    const count = rows[0]?.count ?? 0;
    pruned += count;
    if (count < PRUNE_BATCH) break;
  }
  await sql.query('DELETE FROM sms_receipt WHERE created_at < $1', [before]);
  await sql.query('DELETE FROM ended_call WHERE ended_at < $1', [before]);
  // No carrier waits longer than a delivery lives; without its row it is sent as its own message.
  await sql.query(`DELETE FROM conversation_storm WHERE updated_at < now() - interval '2 days'`);
  return pruned;
}
