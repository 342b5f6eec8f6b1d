import type pg from 'pg';
import type { Reason } from '../../domain/reason.js';
import type { AttemptResult } from '../records.js';

const RECORD = `
WITH result AS (
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[],
                       $9::text[], $10::jsonb[])
    AS r(delivery_id, attempt, outcome, vendor_code, vendor_message_id, duration_ms, status, reason, dropped, facts)
), answered AS (
  UPDATE attempt a
  SET outcome = r.outcome, vendor_code = r.vendor_code, vendor_message_id = r.vendor_message_id,
      duration_ms = r.duration_ms
  FROM result r WHERE a.delivery_id = r.delivery_id AND a.attempt = r.attempt
)
UPDATE delivery d
SET status = r.status, reason = r.reason, claimed_until = NULL,
    dropped = coalesce(string_to_array(nullif(r.dropped, ''), ','), '{}'),
    settled_at = CASE WHEN r.status = 'queued' THEN NULL ELSE now() END,
    encoding = coalesce(r.facts->>'encoding', d.encoding), country = coalesce(r.facts->>'country', d.country),
    segments = coalesce((r.facts->>'segments')::int, d.segments),
    cost_micros = coalesce((r.facts->>'costMicros')::bigint, d.cost_micros),
    currency = coalesce(r.facts->>'currency', d.currency)
FROM result r
WHERE d.id = r.delivery_id AND d.status = 'queued' AND (d.attempts = r.attempt OR r.status = 'sent')`;

// Locked in the order of their ids, so that two batches never wait for each other in a circle. A notification that
// another process has settled meanwhile is not unsettled by what we saw before.
const SETTLE_NOTIFICATIONS = `
WITH locked AS (
  SELECT id FROM notification WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE
)
UPDATE notification n
SET status = s.status, settled_at = s.settled_at
FROM (
  SELECT notification_id,
         CASE WHEN bool_or(status = 'delivered') THEN 'delivered' WHEN bool_or(status = 'sent') THEN 'sent'
              WHEN bool_or(status = 'queued') THEN 'queued' WHEN bool_or(status = 'failed') THEN 'failed'
              WHEN bool_or(status = 'expired') THEN 'expired' ELSE 'skipped' END AS status,
         CASE WHEN bool_and(settled_at IS NOT NULL) THEN max(settled_at) END AS settled_at
  FROM delivery WHERE notification_id = ANY($1::uuid[]) GROUP BY notification_id
) s JOIN locked ON locked.id = s.notification_id
WHERE n.id = s.notification_id AND (n.settled_at IS NULL OR s.settled_at IS NOT NULL)`;

/** Writes how attempts ended, and what that makes of their deliveries and notifications. */
export async function record(sql: pg.Pool, results: readonly AttemptResult[]): Promise<undefined[]> {
  await sql.query({
    name: 'ledger.record',
    text: RECORD,
    values: [
      results.map(({ deliveryId }) => deliveryId),
      results.map(({ attempt }) => attempt),
      results.map(({ outcome }) => outcome),
      results.map(({ vendorCode }) => vendorCode),
      results.map(({ vendorMessageId }) => vendorMessageId),
      results.map(({ durationMs }) => durationMs),
      results.map(({ status }) => status),
      results.map(({ reason }) => reason),
      // An array of arrays would have to be rectangular.
      results.map(({ dropped }) => dropped.join(',')),
      results.map(({ text }) => (text ? JSON.stringify(text) : null)),
    ],
  });
  const settled = results
    .filter(({ status }) => status !== 'queued')
    .map(({ notificationId }) => notificationId);
  await settle(sql, settled);
  return results.map(() => undefined);
}

/** Brings notifications up to date with their deliveries. */
export async function settle(sql: pg.Pool, notificationIds: readonly string[]): Promise<void> {
  if (notificationIds.length === 0) return;
  const ids = [...new Set(notificationIds)].sort();
  await sql.query({ name: 'ledger.settle', text: SETTLE_NOTIFICATIONS, values: [ids] });
}

/** Settles a delivery that nobody has claimed and that must not be sent any more. */
export async function expire(sql: pg.Pool, deliveryId: string, reason: Reason): Promise<void> {
  const { rows } = await sql.query<{ notification_id: string }>(
    `UPDATE delivery SET status = 'expired', reason = $2, claimed_until = NULL, settled_at = now()
     WHERE id = $1 AND status = 'queued' AND (claimed_until IS NULL OR claimed_until <= now())
     RETURNING notification_id`,
    [deliveryId, reason],
  );
  const ids = rows.map(({ notification_id }) => notification_id);
  await settle(sql, ids);
}
