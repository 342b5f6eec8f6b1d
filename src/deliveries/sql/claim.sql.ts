import type pg from 'pg';
import {
  channelOf,
  type ClaimedDelivery,
  type DeliveryOptions,
  type EarlierAttempt,
  type PushAddress,
  type SmsAddress,
} from '../../domain/delivery.js';
import { prepared, statement } from '../../platform/database/statement.js';
import type { AcceptedNotification, Claim } from '../records.js';
import type { ClaimTimes } from '../claim-times.js';
import { addressOf, CURRENT_DEVICE, kindOf } from './current-device.sql.js';
import { spanOf } from './span-of.js';

const CALL_IS_OVER = `EXISTS (
      SELECT 1 FROM notification n
      JOIN ended_call e ON e.app_id = n.app_id AND e.uid = n.uid AND e.session_id = d.ring_session
      WHERE n.id = d.notification_id)`;

/** An SMS to a contact's former number. A CASE, because with EXISTS PostgreSQL would read all contacts. */
const IS_WITHDRAWN = `(CASE WHEN d.options->'sms'->>'ofContact' = 'true' THEN d.address->>'phno' IS DISTINCT FROM (
      SELECT c.phno FROM contact c WHERE c.app_id = n.app_id AND c.uid = n.uid) ELSE false END)`;

// Skips rows that another worker is claiming now, and locks the others in id order so that concurrent batches cannot
// deadlock. Reads the address in the same statement (ADR 0005): a delivery without a current address is not claimed.
const CLAIM = prepared<'ids' | 'first' | 'last' | 'claimMs' | 'sandboxes', ClaimedRow>(
  'ledger.claim',
  `
WITH free AS (
  SELECT d.id, d.notification_id, d.device_id, d.session_id, d.address, d.options FROM delivery d
  WHERE d.id = ANY(:ids::uuid[]) AND d.id BETWEEN :first AND :last AND d.status = 'queued' AND d.expires_at > now()
    AND (d.claimed_until IS NULL OR d.claimed_until <= now())
    AND (d.ring_session IS NULL OR NOT ${CALL_IS_OVER})
  ORDER BY d.id FOR UPDATE SKIP LOCKED
), addressed AS (
  SELECT d.id, v.id AS device_id, v.session_id, v.provider_id, ${kindOf('v', ':sandboxes')} AS kind, ${addressOf('v')} AS address
  FROM free d JOIN notification n ON n.id = d.notification_id
  LEFT JOIN LATERAL (${CURRENT_DEVICE}) v ON d.device_id IS NOT NULL
  WHERE (d.device_id IS NULL OR v.id IS NOT NULL) AND NOT ${IS_WITHDRAWN}
), claimed AS (
  UPDATE delivery d
  SET attempts = d.attempts + 1, claimed_until = now() + :claimMs::int * interval '1 millisecond',
      kind = CASE WHEN a.provider_id <> d.provider THEN a.kind ELSE d.kind END,
      provider = coalesce(a.provider_id, d.provider), device_id = a.device_id,
      session_id = a.session_id, address = CASE WHEN a.device_id IS NULL THEN d.address ELSE a.address END
  FROM addressed a WHERE d.id = a.id AND d.id = ANY(:ids::uuid[]) AND d.id BETWEEN :first AND :last
  RETURNING d.*
), started AS (
  INSERT INTO attempt (delivery_id, attempt, provider, outcome, started_at, duration_ms)
  SELECT id, attempts, provider, 'unknown', now(), 0 FROM claimed
)
SELECT c.id, c.notification_id, c.provider, c.kind AS delivery_kind, c.device_id, c.address, c.attempts, c.expires_at, c.options,
       c.ring_session IS NOT NULL AS rings, now() AS claimed_at, n.app_id, n.kind, n.uid, n.content, n.received_at,
       CASE WHEN c.attempts > 1 THEN (
         SELECT count(*)::int FROM attempt a
         WHERE a.delivery_id = c.id AND a.delivery_id BETWEEN :first AND :last AND a.attempt < c.attempts
           AND a.outcome = 'unknown'
       ) ELSE 0 END AS unanswered,
       CASE WHEN c.kind = 'sms' AND c.attempts > 1 THEN (
         SELECT json_agg(json_build_object('attempt', a.attempt, 'provider', a.provider, 'outcome', a.outcome,
                                           'vendorCode', a.vendor_code, 'startedAt', a.started_at,
                                           'durationMs', a.duration_ms) ORDER BY a.attempt)
         FROM attempt a
         WHERE a.delivery_id = c.id AND a.delivery_id BETWEEN :first AND :last AND a.attempt < c.attempts
       ) END AS earlier
FROM claimed c JOIN notification n ON n.id = c.notification_id`,
);

interface ClaimedRow {
  readonly id: string;
  readonly notification_id: string;
  readonly provider: string;
  readonly delivery_kind: string;
  readonly device_id: string | null;
  readonly address: PushAddress | SmsAddress;
  readonly attempts: number;
  readonly options: DeliveryOptions | null;
  readonly rings: boolean;
  readonly unanswered: number;
  readonly expires_at: Date;
  readonly claimed_at: Date;
  readonly app_id: string;
  readonly kind: AcceptedNotification['kind'];
  readonly uid: string;
  readonly content: string;
  readonly received_at: Date;
  readonly earlier: readonly (Omit<EarlierAttempt, 'startedAt'> & { readonly startedAt: string })[] | null;
}

/** Configuration of claims. */
export interface ClaimSettings extends ClaimTimes {
  /** Push accounts that are sandboxes, as `<app id> <provider id>`. */
  readonly sandboxes: readonly string[];
}

/** Claims each free delivery, and returns for every other one why it is not free. */
export async function claim(
  sql: pg.Pool,
  ids: readonly string[],
  { claimMs, beginWithinMs, sandboxes }: ClaimSettings,
): Promise<Claim[]> {
  // Taken before the statement, so that no worker considers its claim longer than the database does.
  const claimedAt = performance.now();
  const rows = await CLAIM.rows(sql, { ids, claimMs, sandboxes, ...spanOf(ids) });
  const claimed = new Map(rows.map((row) => [row.id, row]));
  // An id that occurs twice in a batch is claimed for its first occurrence.
  const others = ids.filter((id, index) => !claimed.has(id) || ids.indexOf(id) < index);
  const reasons = others.length === 0 ? new Map<string, Claim>() : await whyNot(sql, others);
  return ids.map((id) => {
    const row = claimed.get(id);
    claimed.delete(id);
    return row
      ? {
          state: 'claimed',
          delivery: toClaimed(row, claimedAt + beginWithinMs[channelOf({ kind: row.delivery_kind })]),
        }
      : (reasons.get(id) ?? { state: 'missing' });
  });
}

function toClaimed(row: ClaimedRow, beginBefore: number): ClaimedDelivery {
  const claimed = {
    id: row.id,
    notificationId: row.notification_id,
    appId: row.app_id,
    notificationKind: row.kind,
    uid: row.uid,
    provider: row.provider,
    kind: row.delivery_kind,
    options: row.options ?? {},
    content: JSON.parse(row.content) as unknown,
    receivedAt: row.received_at,
    expiresAt: row.expires_at,
    attempt: row.attempts,
    rings: row.rings,
    unanswered: row.unanswered,
    claimedAt: row.claimed_at,
    beginBefore,
  };
  const channel = channelOf(claimed);
  switch (channel) {
    case 'push':
      return { ...claimed, channel, deviceId: row.device_id, address: row.address as PushAddress };
    case 'sms':
      return { ...claimed, channel, address: row.address as SmsAddress, earlier: earlierOf(row) };
  }
}

const earlierOf = ({ earlier }: ClaimedRow): EarlierAttempt[] =>
  (earlier ?? []).map((attempt) => ({ ...attempt, startedAt: new Date(attempt.startedAt) }));

interface UnclaimedRow {
  readonly id: string;
  readonly status: string;
  readonly busy_ms: number | null;
  readonly expired: boolean;
  readonly over: boolean;
  readonly gone: boolean;
  readonly withdrawn: boolean;
}

const WHY_NOT = statement<'ids' | 'first' | 'last', UnclaimedRow>(`
SELECT d.id, d.status, greatest(extract(epoch FROM d.claimed_until - now()) * 1000, 0)::int AS busy_ms,
       d.expires_at <= now() AS expired, d.ring_session IS NOT NULL AND ${CALL_IS_OVER} AS over,
       d.device_id IS NOT NULL AND NOT EXISTS (${CURRENT_DEVICE}) AS gone, ${IS_WITHDRAWN} AS withdrawn
FROM delivery d JOIN notification n ON n.id = d.notification_id
WHERE d.id = ANY(:ids::uuid[]) AND d.id BETWEEN :first AND :last`);

async function whyNot(sql: pg.Pool, ids: readonly string[]): Promise<Map<string, Claim>> {
  const rows = await WHY_NOT.rows(sql, { ids, ...spanOf(ids) });
  return new Map(
    rows.map(({ id, status, busy_ms, expired, over, gone, withdrawn }): [string, Claim] => {
      if (status !== 'queued') return [id, { state: 'settled' }];
      const busyMs = busy_ms ?? 0;
      if (busyMs === 0 && over) return [id, { state: 'expired', reason: 'call_over' }];
      if (busyMs === 0 && expired) return [id, { state: 'expired', reason: 'too_old' }];
      if (busyMs === 0 && gone) return [id, { state: 'unaddressed', reason: 'device_unregistered' }];
      if (busyMs === 0 && withdrawn) return [id, { state: 'unaddressed', reason: 'number_withdrawn' }];
      return [id, { state: 'busy', retryInMs: Math.max(busyMs, 100) }];
    }),
  );
}

const RELEASE = statement<'id' | 'attempt'>(`
WITH undone AS (
  UPDATE delivery SET attempts = attempts - 1, claimed_until = NULL
  WHERE id = :id AND attempts = :attempt AND status = 'queued' RETURNING id
)
DELETE FROM attempt WHERE delivery_id = :id AND delivery_id IN (SELECT id FROM undone) AND attempt = :attempt`);

/** Undoes a claim under which nothing was sent. */
export async function release(sql: pg.Pool, { id, attempt }: ClaimedDelivery): Promise<void> {
  await RELEASE.run(sql, { id, attempt });
}
