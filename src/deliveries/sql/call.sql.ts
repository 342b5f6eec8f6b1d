import type pg from 'pg';
import { statement } from '../../platform/database/statement.js';
import type { UserCall } from '../records.js';

// A ring must not wait: these single-row statements bypass Prisma, which takes milliseconds longer.

const END = statement<keyof UserCall | 'action'>(`
INSERT INTO ended_call (app_id, uid, session_id, action) VALUES (:appId, :uid, :sessionId, :action)
ON CONFLICT (app_id, uid, session_id) DO NOTHING`);

const IS_OVER = statement<keyof UserCall>(
  'SELECT 1 FROM ended_call WHERE app_id = :appId AND uid = :uid AND session_id = :sessionId',
);

// A ring that no vendor accepted, or that the end of the call overtook, counts as well: the user has heard of that call
// in no other way.
const HAS_RUNG = statement<keyof UserCall, { rung: boolean }>(`
SELECT EXISTS (
  SELECT 1 FROM delivery d JOIN notification n ON n.id = d.notification_id
  WHERE d.ring_session = :sessionId AND n.app_id = :appId AND n.uid = :uid AND d.status <> 'skipped'
) AS rung`);

/** Stops a call from ringing for a user; the first action that does so stays on record. */
export async function endCall(sql: pg.Pool, call: UserCall, action: string): Promise<void> {
  await END.run(sql, { ...call, action });
}

export async function isCallOver(sql: pg.Pool, call: UserCall): Promise<boolean> {
  return (await IS_OVER.run(sql, call)) === 1;
}

/** Whether the call was to ring for the user. */
export async function hasRung(sql: pg.Pool, call: UserCall): Promise<boolean> {
  const [row] = await HAS_RUNG.rows(sql, call);
  return row?.rung ?? false;
}
