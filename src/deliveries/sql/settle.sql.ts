import type pg from 'pg';
import { prepared } from '../../platform/database/statement.js';
import { beforeDeliveriesOf, spanOf } from './span-of.js';

// Locked in id order so that concurrent batches cannot deadlock.
//
// The statement sees deliveries as of its start, and they may change while it waits for locks. Every change settles its
// notification afterwards, so it suffices not to overwrite a newer result. A row whose version (xmin) differs from the
// one that was read is returned, and settled again.
const SETTLE = prepared<'ids' | 'first' | 'last' | 'firstDelivery', { id: string }>(
  'ledger.settle',
  `
WITH locked AS (
  SELECT id FROM notification WHERE id = ANY(:ids::uuid[]) AND id BETWEEN :first AND :last ORDER BY id FOR UPDATE
), settled AS (
  UPDATE notification n
  SET status = s.status, settled_at = s.settled_at
  FROM (
    SELECT notification_id,
           CASE WHEN bool_or(status = 'delivered') THEN 'delivered' WHEN bool_or(status = 'sent') THEN 'sent'
                WHEN bool_or(status = 'queued') THEN 'queued' WHEN bool_or(status = 'failed') THEN 'failed'
                WHEN bool_or(status = 'expired') THEN 'expired' ELSE 'skipped' END AS status,
           CASE WHEN bool_and(settled_at IS NOT NULL) THEN max(settled_at) END AS settled_at
    FROM delivery WHERE notification_id = ANY(:ids::uuid[]) AND id > :firstDelivery GROUP BY notification_id
  ) s JOIN locked ON locked.id = s.notification_id JOIN notification seen ON seen.id = s.notification_id
  WHERE n.id = s.notification_id AND n.xmin = seen.xmin
    AND n.id = ANY(:ids::uuid[]) AND n.id BETWEEN :first AND :last
    AND seen.id = ANY(:ids::uuid[]) AND seen.id BETWEEN :first AND :last
  RETURNING n.id
)
SELECT id FROM locked WHERE id NOT IN (SELECT id FROM settled)`,
);

/** Each retry means that another process has just updated the notification: this many in a row are a fault. */
const MAX_TRIES = 100;

/** Updates the status of notifications from their deliveries. */
export async function settle(sql: pg.Pool, notificationIds: readonly string[]): Promise<void> {
  let ids = [...new Set(notificationIds)].sort();
  for (let tries = 0; ids.length > 0; tries++) {
    if (tries === MAX_TRIES) throw new Error('A notification keeps changing while it is settled.');
    const rows = await SETTLE.rows(sql, { ids, ...spanOf(ids), firstDelivery: beforeDeliveriesOf(ids) });
    ids = rows.map(({ id }) => id);
  }
}
