import type pg from 'pg';
import type { PushAddress, SmsAddress } from '../domain/delivery.js';
import { furthestStatus, type DeliveryStatus } from '../domain/notification.js';
import { firstIdAt } from '../platform/ids/new-id.js';
import type { AcceptedNotification, AttemptResult, Claim, OrderedDelivery } from './ledger.js';

// The hot path in set-based SQL: each statement takes many rows, so that its cost is shared (ADR 0004).

export interface DeliveryRow {
  readonly id: string;
  readonly provider: string | null;
  readonly kind: string | null;
  readonly deviceId: string | null;
  readonly address: PushAddress | SmsAddress | null;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  readonly expiresAt: Date;
}

export interface PlanRow {
  readonly notification: AcceptedNotification;
  readonly deliveries: readonly DeliveryRow[];
}

const INSERT_PLANS = `
WITH accepted AS (
  INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at, settled_at)
  SELECT n.id, n.app_id, n.channel, n.kind, n.uid, n.status, n.content, n.received_at,
         CASE WHEN n.status = 'queued' THEN NULL ELSE now() END
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
    AS n(id, app_id, channel, kind, uid, status, content, received_at)
  ON CONFLICT (id) DO NOTHING
  RETURNING id
), planned AS (
  INSERT INTO delivery (id, notification_id, provider, kind, device_id, address, status, reason, expires_at, settled_at)
  SELECT d.id, d.notification_id, d.provider, d.kind, d.device_id, d.address, d.status, d.reason, d.expires_at,
         CASE WHEN d.status = 'queued' THEN NULL ELSE now() END
  FROM unnest($9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::uuid[], $14::jsonb[], $15::text[], $16::text[],
              $17::timestamptz[])
    AS d(id, notification_id, provider, kind, device_id, address, status, reason, expires_at)
  JOIN accepted ON accepted.id = d.notification_id
)
SELECT id FROM accepted`;

/** Writes notifications with their deliveries. @returns for each its deliveries still to be sent. */
export async function plan(sql: pg.Pool, given: readonly PlanRow[]): Promise<OrderedDelivery[][]> {
  // The same notification may come twice in one batch, when a job that was taken for lost is not: one plan holds.
  const byId = new Map<string, PlanRow>();
  for (const row of given) if (!byId.has(row.notification.id)) byId.set(row.notification.id, row);
  const rows = [...byId.values()];
  const notifications = rows.map(({ notification }) => notification);
  const deliveries = rows.flatMap(({ notification, deliveries: own }) =>
    own.map((delivery) => ({ ...delivery, notificationId: notification.id })),
  );
  const { rows: fresh } = await sql.query<{ id: string }>({
    name: 'ledger.plan',
    text: INSERT_PLANS,
    values: [
      notifications.map(({ id }) => id),
      notifications.map(({ appId }) => appId),
      notifications.map(({ channel }) => channel),
      notifications.map(({ kind }) => kind),
      notifications.map(({ uid }) => uid),
      rows.map(({ deliveries: own }) => furthestStatus(own.map(({ status }) => status))),
      notifications.map(({ content }) => content),
      notifications.map(({ receivedAt }) => receivedAt),
      deliveries.map(({ id }) => id),
      deliveries.map(({ notificationId }) => notificationId),
      deliveries.map(({ provider }) => provider),
      deliveries.map(({ kind }) => kind),
      deliveries.map(({ deviceId }) => deviceId),
      deliveries.map(({ address }) => (address === null ? null : JSON.stringify(address))),
      deliveries.map(({ status }) => status),
      deliveries.map(({ reason }) => reason),
      deliveries.map(({ expiresAt }) => expiresAt),
    ],
  });
  const freshIds = new Set(fresh.map(({ id }) => id));
  const known = notifications.filter(({ id }) => !freshIds.has(id)).map(({ id }) => id);
  const earlier = known.length === 0 ? new Map<string, OrderedDelivery[]>() : await unsettled(sql, known);
  return given.map(({ notification: { id: notificationId } }) => {
    if (!freshIds.has(notificationId)) return earlier.get(notificationId) ?? [];
    const own = byId.get(notificationId)?.deliveries ?? [];
    return own.flatMap(({ id, provider, status }) =>
      status === 'queued' && provider !== null ? [{ id, provider }] : [],
    );
  });
}

async function unsettled(
  sql: pg.Pool,
  notificationIds: readonly string[],
): Promise<Map<string, OrderedDelivery[]>> {
  const { rows } = await sql.query<OrderedDelivery & { notification_id: string }>(
    `SELECT id, provider, notification_id FROM delivery WHERE notification_id = ANY($1::uuid[]) AND status = 'queued'`,
    [notificationIds],
  );
  const byNotification = new Map<string, OrderedDelivery[]>();
  for (const { id, provider, notification_id } of rows) {
    byNotification.set(notification_id, [...(byNotification.get(notification_id) ?? []), { id, provider }]);
  }
  return byNotification;
}

// A row that another worker is claiming at this very moment is skipped rather than waited for, and the rows are
// locked in the order of their ids, so that two batches never wait for each other in a circle.
const CLAIM = `
WITH free AS (
  SELECT id FROM delivery
  WHERE id = ANY($1::uuid[]) AND status = 'queued' AND expires_at > now()
    AND (claimed_until IS NULL OR claimed_until <= now())
  ORDER BY id FOR UPDATE SKIP LOCKED
), claimed AS (
  UPDATE delivery d
  SET attempts = d.attempts + 1, claimed_until = now() + $2::int * interval '1 millisecond'
  FROM free WHERE d.id = free.id
  RETURNING d.*
), started AS (
  INSERT INTO attempt (delivery_id, attempt, provider, outcome, started_at, duration_ms)
  SELECT id, attempts, provider, 'unknown', now(), 0 FROM claimed
)
SELECT c.id, c.notification_id, c.provider, c.kind AS delivery_kind, c.device_id, c.address, c.attempts, c.expires_at,
       n.app_id, n.channel, n.kind, n.uid, n.content, n.received_at
FROM claimed c JOIN notification n ON n.id = c.notification_id`;

interface ClaimedRow {
  readonly id: string;
  readonly notification_id: string;
  readonly provider: string;
  readonly delivery_kind: string;
  readonly device_id: string | null;
  readonly address: PushAddress | SmsAddress;
  readonly attempts: number;
  readonly expires_at: Date;
  readonly app_id: string;
  readonly channel: AcceptedNotification['channel'];
  readonly kind: AcceptedNotification['kind'];
  readonly uid: string;
  readonly content: string;
  readonly received_at: Date;
}

/** Claims each delivery that is free and tells of each other one why it is not. */
export async function claim(sql: pg.Pool, ids: readonly string[], claimMs: number): Promise<Claim[]> {
  // Measured from before the statement, so that our clock never believes in a claim longer than the database does.
  const claimedUntil = new Date(Date.now() + claimMs);
  const { rows } = await sql.query<ClaimedRow>({ name: 'ledger.claim', text: CLAIM, values: [ids, claimMs] });
  const claimed = new Map(rows.map((row) => [row.id, row]));
  // An id that comes twice in one batch is claimed for the first who asked.
  const others = ids.filter((id, index) => !claimed.has(id) || ids.indexOf(id) < index);
  const reasons = others.length === 0 ? new Map<string, Claim>() : await whyNot(sql, others);
  return ids.map((id) => {
    const row = claimed.get(id);
    claimed.delete(id);
    return row
      ? { state: 'claimed', delivery: toClaimed(row, claimedUntil) }
      : (reasons.get(id) ?? { state: 'missing' });
  });
}

function toClaimed(row: ClaimedRow, claimedUntil: Date): (Claim & { state: 'claimed' })['delivery'] {
  return {
    id: row.id,
    notificationId: row.notification_id,
    appId: row.app_id,
    channel: row.channel,
    notificationKind: row.kind,
    uid: row.uid,
    provider: row.provider,
    kind: row.delivery_kind,
    deviceId: row.device_id,
    address: row.address,
    content: JSON.parse(row.content) as unknown,
    receivedAt: row.received_at,
    expiresAt: row.expires_at,
    attempt: row.attempts,
    claimedUntil,
  };
}

async function whyNot(sql: pg.Pool, ids: readonly string[]): Promise<Map<string, Claim>> {
  const { rows } = await sql.query<{ id: string; status: string; busy_ms: number | null; expired: boolean }>(
    `SELECT id, status, greatest(extract(epoch FROM claimed_until - now()) * 1000, 0)::int AS busy_ms,
            expires_at <= now() AS expired
     FROM delivery WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(
    rows.map(({ id, status, busy_ms, expired }): [string, Claim] => {
      if (status !== 'queued') return [id, { state: 'settled' }];
      const busyMs = busy_ms ?? 0;
      if (expired && busyMs === 0) return [id, { state: 'expired' }];
      return [id, { state: 'busy', retryInMs: Math.max(busyMs, 100) }];
    }),
  );
}

const RECORD = `
WITH result AS (
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[])
    AS r(delivery_id, attempt, outcome, vendor_code, vendor_message_id, duration_ms, status, reason)
), answered AS (
  UPDATE attempt a
  SET outcome = r.outcome, vendor_code = r.vendor_code, vendor_message_id = r.vendor_message_id,
      duration_ms = r.duration_ms
  FROM result r WHERE a.delivery_id = r.delivery_id AND a.attempt = r.attempt
)
UPDATE delivery d
SET status = r.status, reason = r.reason, claimed_until = NULL,
    settled_at = CASE WHEN r.status = 'queued' THEN NULL ELSE now() END
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
    ],
  });
  const settled = results
    .filter(({ status }) => status !== 'queued')
    .map(({ notificationId }) => notificationId);
  if (settled.length > 0) {
    await sql.query({
      name: 'ledger.settle',
      text: SETTLE_NOTIFICATIONS,
      values: [[...new Set(settled)].sort()],
    });
  }
  return results.map(() => undefined);
}

/** Settles a delivery whose lifetime is over. */
export async function expire(sql: pg.Pool, deliveryId: string): Promise<void> {
  const { rows } = await sql.query<{ notification_id: string }>(
    `UPDATE delivery SET status = 'expired', reason = 'too_old', claimed_until = NULL, settled_at = now()
     WHERE id = $1 AND status = 'queued' AND expires_at <= now() RETURNING notification_id`,
    [deliveryId],
  );
  const ids = rows.map(({ notification_id }) => notification_id);
  if (ids.length > 0) await sql.query({ name: 'ledger.settle', text: SETTLE_NOTIFICATIONS, values: [ids] });
}

/** Undoes a claim that nothing was sent under. */
export async function release(sql: pg.Pool, deliveryId: string, attempt: number): Promise<void> {
  await sql.query(
    `WITH undone AS (
       UPDATE delivery SET attempts = attempts - 1, claimed_until = NULL
       WHERE id = $1 AND attempts = $2 AND status = 'queued' RETURNING id
     )
     DELETE FROM attempt WHERE delivery_id IN (SELECT id FROM undone) AND attempt = $2`,
    [deliveryId, attempt],
  );
}

const PRUNE_BATCH = 5_000;

/** Deletes in steps, so that no statement locks much or runs long. */
export async function prune(sql: pg.Pool, before: Date): Promise<number> {
  let pruned = 0;
  for (;;) {
    const { rows } = await sql.query<{ count: number }>(
      `WITH old AS (SELECT id FROM notification WHERE id < $1::uuid ORDER BY id LIMIT $2),
       old_deliveries AS (DELETE FROM delivery WHERE notification_id IN (SELECT id FROM old) RETURNING id),
       old_attempts AS (DELETE FROM attempt WHERE delivery_id IN (SELECT id FROM old_deliveries)),
       gone AS (DELETE FROM notification WHERE id IN (SELECT id FROM old) RETURNING id)
       SELECT count(*)::int AS count FROM gone`,
      [firstIdAt(before), PRUNE_BATCH],
    );
    const count = rows[0]?.count ?? 0;
    pruned += count;
    if (count < PRUNE_BATCH) return pruned;
  }
}
