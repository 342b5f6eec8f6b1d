import type pg from 'pg';
import type { CallOfPerson } from '../records.js';

/** Notes that a call must not ring any more for a person; the first action that says so stays on record. */
export async function endCall(sql: pg.Pool, call: CallOfPerson, action: string): Promise<void> {
  await sql.query(
    `INSERT INTO ended_call (app_id, uid, session_id, action) VALUES ($1, $2, $3, $4)
     ON CONFLICT (app_id, uid, session_id) DO NOTHING`,
    [call.appId, call.uid, call.sessionId, action],
  );
}

export async function isCallOver(sql: pg.Pool, call: CallOfPerson): Promise<boolean> {
  const { rowCount } = await sql.query(
    'SELECT 1 FROM ended_call WHERE app_id = $1 AND uid = $2 AND session_id = $3',
    [call.appId, call.uid, call.sessionId],
  );
  return rowCount === 1;
}

/**
 * Whether the call was to ring for the person. A ring that no vendor took, or that its end overtook, counts as well: the
 * person has not heard of that call in any other way.
 */
export async function hasRung(sql: pg.Pool, call: CallOfPerson): Promise<boolean> {
  const { rows } = await sql.query<{ rung: boolean }>(
    `SELECT EXISTS (
       SELECT 1 FROM delivery d JOIN notification n ON n.id = d.notification_id
       WHERE d.ring_session = $3 AND n.app_id = $1 AND n.uid = $2
         AND d.status <> 'skipped'
     ) AS rung`,
    [call.appId, call.uid, call.sessionId],
  );
  return rows[0]?.rung ?? false;
}
