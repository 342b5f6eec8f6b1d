import type pg from 'pg';
import { statement } from '../../platform/database/statement.js';
import type { Attempt, Delivery, Notification } from '../../platform/database/generated/client.js';
import { groupBy } from '../group-by.js';
import { beforeDeliveriesOf, spanOf } from './span-of.js';

// Reads whole rows for lists and event streams, where Prisma takes several times as long.

/** A delivery with its attempts, oldest first. */
export interface RecordedDelivery {
  readonly delivery: Delivery;
  readonly attempts: readonly Attempt[];
}

const NOTIFICATIONS = statement<'ids' | 'first' | 'last', Omit<Notification, 'content'>>(`
SELECT id, app_id AS "appId", channel, kind, uid, status, received_at AS "receivedAt", settled_at AS "settledAt",
       request_fingerprint AS "requestFingerprint", source, origin_id AS "originId", received_by AS "receivedBy",
       planned_at AS "plannedAt", plan
FROM notification WHERE id = ANY(:ids::uuid[]) AND id BETWEEN :first AND :last ORDER BY id DESC`);

const DELIVERIES = statement<
  'notificationIds' | 'after',
  Omit<Delivery, 'costMicros'> & { costMicros: string | null }
>(`
SELECT id, notification_id AS "notificationId", provider, kind, device_id AS "deviceId", session_id AS "sessionId",
       address, status, reason, ring_session AS "ringSession", options, coalesce(dropped, '{}') AS dropped,
       encoding, segments, country, cost_micros AS "costMicros", currency, would_send AS "wouldSend", attempts, claimed_until AS "claimedUntil",
       retry_at AS "retryAt", expires_at AS "expiresAt", settled_at AS "settledAt"
FROM delivery WHERE notification_id = ANY(:notificationIds::uuid[]) AND id > :after ORDER BY id`);

const ATTEMPTS = statement<'deliveryIds' | 'first' | 'last', Attempt>(`
SELECT delivery_id AS "deliveryId", attempt, provider, outcome, vendor_code AS "vendorCode",
       vendor_message_id AS "vendorMessageId", vendor_text AS "vendorText", http_status AS "httpStatus",
       vendor_trace_id AS "vendorTraceId", started_at AS "startedAt", duration_ms AS "durationMs",
       possible_double AS "possibleDouble", receipt_status AS "receiptStatus", receipt_code AS "receiptCode",
       receipt_at AS "receiptAt"
FROM attempt WHERE delivery_id = ANY(:deliveryIds::uuid[]) AND delivery_id BETWEEN :first AND :last ORDER BY attempt`);

/** The notifications with these ids, newest first, without their contents. */
export async function notificationsOf(
  sql: pg.Pool,
  ids: readonly string[],
): Promise<Omit<Notification, 'content'>[]> {
  return ids.length === 0 ? [] : NOTIFICATIONS.rows(sql, { ids, ...spanOf(ids) });
}

/** Deliveries of these notifications in order of their planning, by notification. */
export async function deliveriesOf(
  sql: pg.Pool,
  notifications: readonly Pick<Notification, 'id'>[],
): Promise<ReadonlyMap<string, RecordedDelivery[]>> {
  if (notifications.length === 0) return new Map();
  const notificationIds = notifications.map(({ id }) => id);
  const after = beforeDeliveriesOf(notificationIds);
  const rows = await DELIVERIES.rows(sql, { notificationIds, after });
  const deliveryIds = rows.map(({ id }) => id);
  const attempts = rows.length === 0 ? [] : await ATTEMPTS.rows(sql, { deliveryIds, ...spanOf(deliveryIds) });
  const attemptsOf = groupBy(attempts, ({ deliveryId }) => deliveryId);
  const recorded = rows.map((row) => ({
    // The driver gives 64-bit numbers as text.
    delivery: { ...row, costMicros: row.costMicros === null ? null : BigInt(row.costMicros) },
    attempts: attemptsOf.get(row.id) ?? [],
  }));
  return groupBy(recorded, ({ delivery }) => delivery.notificationId);
}
