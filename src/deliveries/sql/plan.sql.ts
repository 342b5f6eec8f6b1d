import type pg from 'pg';
import type { DeliveryOptions, PushAddress, SmsAddress } from '../../domain/delivery.js';
import { furthestStatus, type DeliveryStatus } from '../../domain/notification.js';
import { columns } from '../../platform/database/columns.js';
import { prepared, statement } from '../../platform/database/statement.js';
import type { AcceptedNotification, PlanNotes, QueuedDelivery } from '../records.js';
import { addressOf } from './current-device.sql.js';
import { erasedSince } from './erased-user.sql.js';
import { beforeDeliveriesOf } from './span-of.js';

// The hot path in set-based SQL: each statement takes many rows to share its cost (ADR 0004).

export interface DeliveryRow {
  readonly id: string;
  readonly provider: string | null;
  readonly kind: string | null;
  readonly deviceId: string | null;
  readonly sessionId: string | null;
  readonly address: PushAddress | SmsAddress | null;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  readonly ringSession: string | null;
  readonly options: DeliveryOptions | null;
  readonly expiresAt: Date;
  /** Its first attempt starts now: claim it. */
  readonly claim: boolean;
}

export interface PlanRow {
  readonly notification: AcceptedNotification;
  readonly deliveries: readonly DeliveryRow[];
  readonly notes: PlanNotes;
}

/** A recorded plan. */
export interface RecordedPlan {
  /** Deliveries claimed for their first attempt. */
  readonly claimed: ReadonlySet<string>;
  /** Start of these attempts on the database clock. */
  readonly claimedAt: Date;
  /** Other deliveries still to be sent. */
  readonly queued: readonly QueuedDelivery[];
}

type NotificationColumn = Exclude<keyof AcceptedNotification, 'expiresAt'> | 'status' | 'notes';
type DeliveryColumn =
  | Exclude<keyof DeliveryRow, 'id' | 'kind' | 'status'>
  | 'notificationId'
  | 'deliveryId'
  | 'deliveryKind'
  | 'deliveryStatus';

/** Never part of JSON, whose strings must escape it. */
const SEPARATOR = '\u001e';

/**
 * Values as JSON strings in one parameter, null as an empty string. The driver would write them as an array literal
 * and escape every quote, of which JSON has many.
 */
const joined = (values: readonly unknown[]): string =>
  values.map((value) => (value === null ? '' : JSON.stringify(value))).join(SEPARATOR);

// A notification received before its recipient was erased is not recorded.
//
// First attempts are claimed here, so that they cost no statement of their own. As in `claim.sql.ts`, no ring of a call
// that is over is claimed, and no delivery whose address has changed since it was read (ADR 0005): those are left to a
// claim of their own. Lateral joins, because with EXISTS PostgreSQL might read whole tables.
const INSERT_PLANS = prepared<NotificationColumn | DeliveryColumn | 'claimMs', FoundRow>(
  'ledger.plan',
  `
WITH given AS (
  SELECT n.*, ${erasedSince('n.app_id', 'n.uid', 'n.received_at')} AS erased
  FROM unnest(:id::uuid[], :appId::text[], :channel::text[], :kind::text[], :uid::text[], :status::text[],
              string_to_array(:content, E'\\x1e'), :receivedAt::timestamptz[], :requestFingerprint::text[],
              :source::text[], :originId::uuid[], :receivedBy::text[], string_to_array(:notes, E'\\x1e', '')::jsonb[])
    AS n(id, app_id, channel, kind, uid, status, content, received_at, request_fingerprint, source, origin_id,
         received_by, plan)
), accepted AS (
  INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at, request_fingerprint,
                            source, origin_id, received_by, plan, planned_at, settled_at)
  SELECT n.id, n.app_id, n.channel, n.kind, n.uid, n.status, n.content, n.received_at, n.request_fingerprint,
         n.source, n.origin_id, n.received_by, n.plan, now(), CASE WHEN n.status = 'queued' THEN NULL ELSE now() END
  FROM given n WHERE NOT n.erased
  ON CONFLICT (id) DO NOTHING
  RETURNING id, app_id, uid
), planned AS (
  INSERT INTO delivery (id, notification_id, provider, kind, device_id, address, status, reason, expires_at,
                        ring_session, options, session_id, settled_at, attempts, claimed_until)
  SELECT d.id, d.notification_id, d.provider, d.kind, d.device_id, d.address, d.status, d.reason, d.expires_at,
         d.ring_session, d.options, d.session_id, CASE WHEN d.status = 'queued' THEN NULL ELSE now() END,
         first.attempt, CASE WHEN first.attempt = 1 THEN now() + :claimMs::int * interval '1 millisecond' END
  FROM unnest(:deliveryId::uuid[], :notificationId::uuid[], :provider::text[], :deliveryKind::text[], :deviceId::uuid[],
              string_to_array(:address, E'\\x1e', '')::jsonb[], :deliveryStatus::text[], :reason::text[],
              :expiresAt::timestamptz[], :ringSession::text[], string_to_array(:options, E'\\x1e', '')::jsonb[],
              :sessionId::text[], :claim::bool[])
    AS d(id, notification_id, provider, kind, device_id, address, status, reason, expires_at, ring_session, options,
         session_id, claim)
  JOIN accepted n ON n.id = d.notification_id
  LEFT JOIN LATERAL (
    SELECT 1 AS found FROM device v
    WHERE v.id = d.device_id AND v.app_id = n.app_id AND v.uid = n.uid AND v.retired_at IS NULL
      AND v.provider_id = d.provider AND v.session_id IS NOT DISTINCT FROM d.session_id AND ${addressOf('v')} = d.address
    LIMIT 1
  ) current ON d.claim AND d.device_id IS NOT NULL
  LEFT JOIN LATERAL (
    SELECT 1 AS found FROM ended_call e
    WHERE e.app_id = n.app_id AND e.uid = n.uid AND e.session_id = d.ring_session LIMIT 1
  ) ended ON d.claim AND d.ring_session IS NOT NULL
  CROSS JOIN LATERAL (
    SELECT CASE
      WHEN NOT d.claim OR d.status <> 'queued' OR d.expires_at <= now() OR ended.found = 1 THEN 0
      WHEN d.device_id IS NOT NULL AND current.found IS NULL THEN 0
      WHEN d.options->'sms'->>'ofContact' = 'true' AND d.address->>'phno' IS DISTINCT FROM (
        SELECT c.phno FROM contact c WHERE c.app_id = n.app_id AND c.uid = n.uid) THEN 0
      ELSE 1 END AS attempt
  ) first
  RETURNING id, provider, attempts
), started AS (
  INSERT INTO attempt (delivery_id, attempt, provider, outcome, started_at, duration_ms)
  SELECT id, 1, provider, 'unknown', now(), 0 FROM planned WHERE attempts = 1
)
SELECT id, 'accepted' AS found, now() AS at FROM accepted
UNION ALL SELECT id, 'erased', now() FROM given WHERE erased
UNION ALL SELECT id, 'claimed', now() FROM planned WHERE attempts = 1`,
);

interface FoundRow {
  /** Of a notification, or of a claimed delivery. */
  readonly id: string;
  readonly found: 'accepted' | 'erased' | 'claimed';
  readonly at: Date;
}

const NONE: ReadonlySet<string> = new Set();

const isEmpty = ({ rules, leftOut, notBefore }: PlanNotes): boolean =>
  rules.length === 0 && leftOut.length === 0 && notBefore === undefined;

/**
 * Writes notifications with their deliveries, and claims those that ask for it.
 *
 * @returns for each notification its deliveries still to be sent, of which none is claimed if it was on record;
 *   `erased` if its recipient was erased after it was received.
 */
export async function plan(
  sql: pg.Pool,
  given: readonly PlanRow[],
  claimMs: number,
): Promise<(RecordedPlan | 'erased')[]> {
  // A notification may occur twice in a batch, if its job was wrongly considered lost: the first plan stands.
  const byId = new Map<string, PlanRow>();
  for (const row of given) if (!byId.has(row.notification.id)) byId.set(row.notification.id, row);
  const rows = [...byId.values()];
  const notifications = rows.map(({ notification }) => notification);
  const deliveries = rows.flatMap(({ notification, deliveries: own }) =>
    own.map((delivery) => ({ ...delivery, notificationId: notification.id })),
  );
  const found = await INSERT_PLANS.rows(sql, {
    ...columns(notifications, 'id', 'appId', 'channel', 'kind', 'uid', 'receivedAt'),
    ...columns(notifications, 'source', 'originId', 'receivedBy'),
    notes: joined(rows.map(({ notes }) => (isEmpty(notes) ? null : notes))),
    status: rows.map(({ deliveries: own }) => furthestStatus(own.map(({ status }) => status))),
    content: notifications.map(({ content }) => content).join(SEPARATOR),
    requestFingerprint: notifications.map(({ requestFingerprint }) => requestFingerprint ?? null),
    deliveryId: deliveries.map(({ id }) => id),
    deliveryKind: deliveries.map(({ kind }) => kind),
    deliveryStatus: deliveries.map(({ status }) => status),
    ...columns(deliveries, 'notificationId', 'provider', 'deviceId', 'sessionId'),
    ...columns(deliveries, 'ringSession', 'reason', 'expiresAt', 'claim'),
    claimMs,
    address: joined(deliveries.map(({ address }) => address)),
    options: joined(deliveries.map(({ options }) => options)),
  });
  const idsOf = (state: FoundRow['found']): Set<string> =>
    new Set(found.flatMap((row) => (row.found === state ? [row.id] : [])));
  const [freshIds, erasedIds, claimed] = [idsOf('accepted'), idsOf('erased'), idsOf('claimed')];
  const claimedAt = found[0]?.at ?? new Date();
  const known = notifications.map(({ id }) => id).filter((id) => !freshIds.has(id) && !erasedIds.has(id));
  const earlier = known.length === 0 ? new Map<string, QueuedDelivery[]>() : await unsettled(sql, known);
  return given.map((row) => {
    const { id: notificationId } = row.notification;
    if (erasedIds.has(notificationId)) return 'erased';
    if (!freshIds.has(notificationId))
      return { claimed: NONE, claimedAt, queued: earlier.get(notificationId) ?? [] };
    const first = byId.get(notificationId);
    // Its second job in this batch may outlive the first one, so it takes up the claimed deliveries as well.
    const own = first === row ? claimed : NONE;
    const queued = (first?.deliveries ?? []).flatMap(({ id, provider, kind, status }) =>
      status === 'queued' && provider !== null && kind !== null && !own.has(id)
        ? [{ id, provider, kind }]
        : [],
    );
    return { claimed: own, claimedAt, queued };
  });
}

const UNSETTLED = statement<'ids' | 'first', QueuedDelivery & { notification_id: string }>(`
SELECT id, provider, kind, greatest(0, extract(epoch FROM retry_at - now()) * 1000)::int AS "dueInMs", notification_id
FROM delivery
WHERE notification_id = ANY(:ids::uuid[]) AND id > :first AND status = 'queued'`);

async function unsettled(
  sql: pg.Pool,
  notificationIds: readonly string[],
): Promise<Map<string, QueuedDelivery[]>> {
  const first = beforeDeliveriesOf(notificationIds);
  const rows = await UNSETTLED.rows(sql, { ids: notificationIds, first });
  const byNotification = new Map<string, QueuedDelivery[]>();
  for (const { notification_id, ...delivery } of rows) {
    byNotification.set(notification_id, [...(byNotification.get(notification_id) ?? []), delivery]);
  }
  return byNotification;
}
