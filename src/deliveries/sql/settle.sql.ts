import type pg from 'pg';
import { prepared } from '../../platform/database/statement.js';
import { beforeDeliveriesOf, spanOf } from './span-of.js';

// Locked in the order of their ids, so that two batches never wait for each other in a circle.
//
// What this statement counts is as old as its beginning, and while it waits for its locks deliveries go on changing.
// Whoever changes one settles its notification afterwards; so it is enough never to write over what was written
// since. Such a row has another version (xmin) than the one that was seen: it is told, and looked at again.
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

/** Each further look means that somebody else has just brought it up to date: this many in a row is a fault. */
const MAX_LOOKS = 100;

/** Brings notifications up to date with their deliveries. */
export async function settle(sql: pg.Pool, notificationIds: readonly string[]): Promise<void> {
  let ids = [...new Set(notificationIds)].sort();
  for (let look = 0; ids.length > 0; look++) {
    if (look === MAX_LOOKS) throw new Error('A notification keeps changing while it is settled.');
    const rows = await SETTLE.rows(sql, { ids, ...spanOf(ids), firstDelivery: beforeDeliveriesOf(ids) });
    ids = rows.map(({ id }) => id);
  }
}
