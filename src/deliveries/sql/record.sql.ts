import type pg from 'pg';
import type { DeliveryStatus } from '../../domain/notification.js';
import type { Reason } from '../../domain/reason.js';
import { columns } from '../../platform/database/columns.js';
import { prepared, statement } from '../../platform/database/statement.js';
import type { AttemptResult } from '../records.js';
import { repeatReports, type AttemptKey } from './report.sql.js';
import { settle, settledAfter, settleParameters, UNSETTLED, type SettleParameter } from './settle.sql.js';
import { spanOf } from './span-of.js';

// A delivery report may have come first: then the attempt is known to have reached the vendor, whatever the result of
// the call, and the report is applied again to the delivery as it is now. Deliveries are locked in id order and before
// their attempts, so that concurrent batches cannot deadlock.
const RECORD = prepared<
  Exclude<keyof AttemptResult, 'notificationId' | 'sms'> | 'facts' | 'first' | 'last' | SettleParameter,
  RecordedRow
>(
  'ledger.record',
  `
WITH result AS (
  SELECT * FROM unnest(:deliveryId::uuid[], :attempt::int[], :outcome::text[], :vendorCode::text[], :vendorMessageId::text[],
                       :vendorText::text[], :httpStatus::int[], :vendorTraceId::text[],
                       :durationMs::int[], :status::text[], :reason::text[], :retryInMs::int[], :dropped::text[],
                       :facts::jsonb[])
    AS r(delivery_id, attempt, outcome, vendor_code, vendor_message_id, vendor_text, http_status, vendor_trace_id,
         duration_ms, status, reason, retry_in_ms, dropped, facts)
), locked AS (
  SELECT id FROM delivery WHERE id = ANY(:deliveryId::uuid[]) AND id BETWEEN :first AND :last ORDER BY id FOR UPDATE
), answered AS (
  UPDATE attempt a
  SET outcome = CASE WHEN r.outcome = 'unknown' AND a.receipt_status IS NOT NULL THEN 'accepted' ELSE r.outcome END,
      vendor_code = r.vendor_code, vendor_message_id = coalesce(r.vendor_message_id, a.vendor_message_id),
      vendor_text = r.vendor_text, http_status = r.http_status, vendor_trace_id = r.vendor_trace_id,
      duration_ms = r.duration_ms
  FROM result r JOIN locked ON locked.id = r.delivery_id
  WHERE a.delivery_id = r.delivery_id AND a.attempt = r.attempt
    AND a.delivery_id = ANY(:deliveryId::uuid[]) AND a.delivery_id BETWEEN :first AND :last
  RETURNING a.delivery_id, a.attempt, a.receipt_status
), concluded AS (
  UPDATE delivery d
  SET status = r.status, reason = r.reason, claimed_until = NULL, retry_at = now() + r.retry_in_ms * interval '1 ms',
      dropped = coalesce(string_to_array(nullif(r.dropped, ''), ','), '{}'),
      settled_at = CASE WHEN r.status = 'queued' THEN NULL ELSE now() END,
      encoding = coalesce(r.facts->>'encoding', d.encoding), country = coalesce(r.facts->>'country', d.country),
      segments = coalesce((r.facts->>'segments')::int, d.segments),
      cost_micros = coalesce((r.facts->>'costMicros')::bigint, d.cost_micros),
      currency = coalesce(r.facts->>'currency', d.currency)
  FROM result r JOIN locked ON locked.id = r.delivery_id
  WHERE d.id = r.delivery_id AND d.id = ANY(:deliveryId::uuid[]) AND d.id BETWEEN :first AND :last
    AND d.status = 'queued' AND (d.attempts = r.attempt OR r.status = 'sent')
  RETURNING d.id, d.notification_id, d.status, d.settled_at
), ${settledAfter('concluded')}
SELECT delivery_id AS id, attempt, receipt_status IS NOT NULL AS reported FROM answered
UNION ALL SELECT id, NULL, NULL FROM (${UNSETTLED}) unsettled`,
);

interface RecordedRow {
  /** Of a delivery or, without an attempt, of a notification to be settled again. */
  readonly id: string;
  readonly attempt: number | null;
  readonly reported: boolean | null;
}

/**
 * Writes results of attempts, and updates their deliveries and notifications.
 *
 * @returns for each result whether its attempt was found.
 */
export async function record(sql: pg.Pool, results: readonly AttemptResult[]): Promise<boolean[]> {
  const ended = results.filter(({ status }) => status !== 'queued');
  const notificationIds = [...new Set(ended.map(({ notificationId }) => notificationId))].sort();
  const rows = await RECORD.rows(sql, {
    ...columns(results, 'deliveryId', 'attempt', 'outcome', 'vendorCode', 'vendorMessageId'),
    ...columns(results, 'vendorText', 'httpStatus', 'vendorTraceId', 'durationMs', 'status', 'reason'),
    ...columns(results, 'retryInMs'),
    // An array of arrays would have to be rectangular.
    dropped: results.map(({ dropped }) => dropped.join(',')),
    facts: results.map(({ sms }) => (sms ? JSON.stringify(sms) : null)),
    ...spanOf(results.map(({ deliveryId }) => deliveryId)),
    ...settleParameters(notificationIds),
  });
  const answered = rows.flatMap(({ id: deliveryId, attempt, reported }) =>
    attempt === null ? [] : [{ deliveryId, attempt, reported }],
  );
  const reported = answered.filter((attempt) => attempt.reported);
  // A delivery report may have settled the delivery, which then ignored these facts.
  if (reported.length > 0) await addFacts(sql, results);
  await repeatReports(sql, reported);
  await settle(
    sql,
    rows.flatMap(({ id, attempt }) => (attempt === null ? [id] : [])),
  );
  const found = new Set(answered.map(keyOf));
  return results.map((result) => found.has(keyOf(result)));
}

const keyOf = ({ deliveryId, attempt }: AttemptKey): string => `${deliveryId} ${attempt}`;

const ADD_FACTS = statement<'deliveryId' | 'facts'>(`
UPDATE delivery d
SET encoding = r.facts->>'encoding', country = r.facts->>'country', segments = (r.facts->>'segments')::int,
    cost_micros = (r.facts->>'costMicros')::bigint, currency = r.facts->>'currency'
FROM unnest(:deliveryId::uuid[], :facts::jsonb[]) AS r(delivery_id, facts)
WHERE d.id = r.delivery_id AND d.encoding IS NULL`);

async function addFacts(sql: pg.Pool, results: readonly AttemptResult[]): Promise<void> {
  const withFacts = results.filter(({ sms }) => sms);
  const facts = withFacts.map(({ sms }) => JSON.stringify(sms));
  await ADD_FACTS.run(sql, { ...columns(withFacts, 'deliveryId'), facts });
}

const SETTLE_UNSENT = statement<'id' | 'status' | 'reason', { notification_id: string }>(`
UPDATE delivery SET status = :status, reason = :reason, claimed_until = NULL, settled_at = now()
WHERE id = :id AND status = 'queued' AND (claimed_until IS NULL OR claimed_until <= now())
RETURNING notification_id`);

/** Settles an unclaimed delivery that must no longer be sent. */
export async function settleUnsent(
  sql: pg.Pool,
  deliveryId: string,
  status: Extract<DeliveryStatus, 'skipped' | 'expired'>,
  reason: Reason,
): Promise<void> {
  const rows = await SETTLE_UNSENT.rows(sql, { id: deliveryId, status, reason });
  const ids = rows.map(({ notification_id }) => notification_id);
  await settle(sql, ids);
}
