import type pg from 'pg';
import { statement } from '../../platform/database/statement.js';

/** Maximum later notifications of the user that are looked at. */
const MAX_LATER = 1_000;

/** A notification that repeats an earlier one. */
export interface Repeat {
  readonly id: string;
  readonly source: string | null;
  readonly status: string;
  readonly receivedAt: Date;
}

const REPEATS = statement<'appId' | 'uid' | 'id', Repeat>(`
SELECT id, source, status, received_at AS "receivedAt"
FROM (
  SELECT id, source, status, received_at, origin_id FROM notification
  WHERE app_id = :appId AND uid = :uid AND id > :id ORDER BY id LIMIT ${MAX_LATER}
) later
WHERE origin_id = :id ORDER BY id`);

/** The user's notifications that repeat one, oldest first. */
export function repeatsOf(
  sql: pg.Pool,
  original: { readonly appId: string; readonly uid: string; readonly id: string },
): Promise<Repeat[]> {
  return REPEATS.rows(sql, original);
}
