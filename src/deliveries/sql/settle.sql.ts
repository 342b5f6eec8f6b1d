import type pg from 'pg';
import { prepared } from '../../platform/database/statement.js';
import { beforeDeliveriesOf, spanOf } from './span-of.js';

export type SettleParameter = 'notifications' | 'firstNotification' | 'lastNotification' | 'firstDelivery';

/** The parameters of `SETTLED` for these notifications. */
export function settleParameters(notificationIds: readonly string[]): Record<SettleParameter, unknown> {
  const { first, last } = spanOf(notificationIds);
  return {
    notifications: notificationIds,
    firstNotification: first,
    lastNotification: last,
    firstDelivery: beforeDeliveriesOf(notificationIds),
  };
}

/**
 * Common table expressions that update the status of notifications from their deliveries: `locked_notification`, and
 * `settled` for those of them that were updated.
 *
 * Locked in id order so that concurrent batches cannot deadlock. The statement sees deliveries as of its start, and they
 * may change while it waits for locks. Every change settles its notification, so it suffices not to overwrite a newer
 * result: a row whose version (xmin) differs from the one that was read is not updated, and has to be settled again.
 *
 * @param changed a table expression with the deliveries that the same statement changes; it is evaluated first, because
 *   every statement locks deliveries before notifications.
 */
export const settledAfter = (changed: string): string => `
locked_notification AS (
  SELECT id FROM notification
  WHERE id = ANY(:notifications::uuid[]) AND id BETWEEN :firstNotification AND :lastNotification
    AND (SELECT count(*) FROM ${changed}) >= 0
  ORDER BY id FOR UPDATE
), settled AS (
  UPDATE notification n
  SET status = s.status, settled_at = s.settled_at
  FROM (
    SELECT notification_id,
           CASE WHEN bool_or(status = 'delivered') THEN 'delivered' WHEN bool_or(status = 'sent') THEN 'sent'
                WHEN bool_or(status = 'queued') THEN 'queued' WHEN bool_or(status = 'failed') THEN 'failed'
                WHEN bool_or(status = 'expired') THEN 'expired' ELSE 'skipped' END AS status,
           CASE WHEN bool_and(settled_at IS NOT NULL) THEN max(settled_at) END AS settled_at
    FROM (
      SELECT id, notification_id, status, settled_at FROM delivery
      WHERE notification_id = ANY(:notifications::uuid[]) AND id > :firstDelivery
        AND id NOT IN (SELECT id FROM ${changed})
      UNION ALL SELECT id, notification_id, status, settled_at FROM ${changed}
    ) d GROUP BY notification_id
  ) s JOIN locked_notification l ON l.id = s.notification_id JOIN notification seen ON seen.id = s.notification_id
  WHERE n.id = s.notification_id AND n.xmin = seen.xmin
    AND n.id = ANY(:notifications::uuid[]) AND n.id BETWEEN :firstNotification AND :lastNotification
    AND seen.id = ANY(:notifications::uuid[]) AND seen.id BETWEEN :firstNotification AND :lastNotification
  RETURNING n.id
)`;

/** The notifications that have to be settled again. */
export const UNSETTLED = 'SELECT id FROM locked_notification WHERE id NOT IN (SELECT id FROM settled)';

const SETTLE = prepared<SettleParameter, { id: string }>(
  'ledger.settle',
  `
WITH unchanged AS (
  SELECT id, notification_id, status, settled_at FROM delivery WHERE false
), ${settledAfter('unchanged')}
${UNSETTLED}`,
);

/** Each retry means that another process has just updated the notification: this many in a row are a fault. */
const MAX_TRIES = 100;

/** Updates the status of notifications from their deliveries. */
export async function settle(sql: pg.Pool, notificationIds: readonly string[]): Promise<void> {
  let ids = [...new Set(notificationIds)].sort();
  for (let tries = 0; ids.length > 0; tries++) {
    if (tries === MAX_TRIES) throw new Error('A notification keeps changing while it is settled.');
    const rows = await SETTLE.rows(sql, settleParameters(ids));
    ids = rows.map(({ id }) => id);
  }
}
