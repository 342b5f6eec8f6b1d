import type pg from 'pg';
import { statement } from '../../platform/database/statement.js';
import { firstIdAt, momentOf } from '../../platform/ids/new-id.js';

/** A user and their SMS that a vendor has accepted or may have accepted. */
export interface SmsUser {
  readonly appId: string;
  readonly uid: string;
  readonly segments: number;
  /** In millionths of `currency`. */
  readonly costMicros: number | null;
  readonly currency: string | null;
}

/** Deliveries that are looked at, newest first: there is no index of SMS. */
const MAX_SCANNED = 20_000;
const MOST = 20;
/** Maximum time in ms between accepting a notification and planning it. */
const SLACK_MS = 7 * 86_400_000;

const LAST_SCANNED = statement<'first' | 'before', { id: string }>(`
SELECT id FROM delivery WHERE id >= :first::uuid AND id < :before::uuid ORDER BY id DESC OFFSET ${MAX_SCANNED} LIMIT 1`);

// Bounds accompany each join, so that other partitions are not searched.
const TOP = statement<'first' | 'before' | 'firstNotification' | 'appId', SmsUser>(`
SELECT n.app_id AS "appId", n.uid, d.currency, sum(d.segments * made.sends)::float8 AS segments,
       sum(d.cost_micros * made.sends)::float8 AS "costMicros"
FROM delivery d
CROSS JOIN LATERAL (
  SELECT count(*) AS sends FROM attempt a
  WHERE a.delivery_id = d.id AND a.delivery_id >= :first::uuid AND a.delivery_id < :before::uuid
    AND a.outcome IN ('accepted', 'unknown')
) made
JOIN notification n
  ON n.id = d.notification_id AND n.id >= :firstNotification::uuid AND n.id < :before::uuid
WHERE d.id >= :first::uuid AND d.id < :before::uuid AND d.segments IS NOT NULL AND made.sends > 0
  AND (:appId::text IS NULL OR n.app_id = :appId)
GROUP BY n.app_id, n.uid, d.currency
ORDER BY segments DESC, n.app_id, n.uid LIMIT ${MOST}`);

/**
 * The users with most segments in a span, among its newest deliveries.
 *
 * @param appId unset: of all apps.
 * @returns the users, and the time from which on deliveries were counted.
 */
export async function topSmsUsers(
  sql: pg.Pool,
  appId: string | undefined,
  from: Date,
  to: Date,
): Promise<{ users: readonly SmsUser[]; since: Date }> {
  const before = firstIdAt(to);
  const [limit] = await LAST_SCANNED.rows(sql, { first: firstIdAt(from), before });
  const since = limit ? momentOf(limit.id) : from;
  const first = limit?.id ?? firstIdAt(from);
  const firstNotification = firstIdAt(new Date(Math.max(0, since.getTime() - SLACK_MS)));
  return { users: await TOP.rows(sql, { first, before, firstNotification, appId: appId ?? null }), since };
}
