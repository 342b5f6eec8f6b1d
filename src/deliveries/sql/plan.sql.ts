import type pg from 'pg';
import type { DeliveryOptions, PushAddress, SmsAddress } from '../../domain/delivery.js';
import { furthestStatus, type DeliveryStatus } from '../../domain/notification.js';
import { columns } from '../../platform/database/columns.js';
import { prepared, statement } from '../../platform/database/statement.js';
import type { AcceptedNotification, PlanNotes, QueuedDelivery } from '../records.js';
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
}

export interface PlanRow {
  readonly notification: AcceptedNotification;
  readonly deliveries: readonly DeliveryRow[];
  readonly notes: PlanNotes;
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
const INSERT_PLANS = prepared<NotificationColumn | DeliveryColumn, { id: string; erased: boolean }>(
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
  RETURNING id
), planned AS (
  INSERT INTO delivery (id, notification_id, provider, kind, device_id, address, status, reason, expires_at,
                        ring_session, options, session_id, settled_at)
  SELECT d.id, d.notification_id, d.provider, d.kind, d.device_id, d.address, d.status, d.reason, d.expires_at,
         d.ring_session, d.options, d.session_id, CASE WHEN d.status = 'queued' THEN NULL ELSE now() END
  FROM unnest(:deliveryId::uuid[], :notificationId::uuid[], :provider::text[], :deliveryKind::text[], :deviceId::uuid[],
              string_to_array(:address, E'\\x1e', '')::jsonb[], :deliveryStatus::text[], :reason::text[],
              :expiresAt::timestamptz[], :ringSession::text[], string_to_array(:options, E'\\x1e', '')::jsonb[],
              :sessionId::text[])
    AS d(id, notification_id, provider, kind, device_id, address, status, reason, expires_at, ring_session, options,
         session_id)
  JOIN accepted ON accepted.id = d.notification_id
)
SELECT id, false AS erased FROM accepted UNION ALL SELECT id, true FROM given WHERE erased`,
);

const isEmpty = ({ rules, leftOut, notBefore }: PlanNotes): boolean =>
  rules.length === 0 && leftOut.length === 0 && notBefore === undefined;

/**
 * Writes notifications with their deliveries.
 *
 * @returns for each notification its deliveries still to be sent; `erased` if its recipient was erased after it was received.
 */
export async function plan(
  sql: pg.Pool,
  given: readonly PlanRow[],
): Promise<(QueuedDelivery[] | 'erased')[]> {
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
    ...columns(deliveries, 'ringSession', 'reason', 'expiresAt'),
    address: joined(deliveries.map(({ address }) => address)),
    options: joined(deliveries.map(({ options }) => options)),
  });
  const erasedIds = new Set(found.filter(({ erased }) => erased).map(({ id }) => id));
  const freshIds = new Set(found.filter(({ erased }) => !erased).map(({ id }) => id));
  const known = notifications.map(({ id }) => id).filter((id) => !freshIds.has(id) && !erasedIds.has(id));
  const earlier = known.length === 0 ? new Map<string, QueuedDelivery[]>() : await unsettled(sql, known);
  return given.map(({ notification: { id: notificationId } }) => {
    if (erasedIds.has(notificationId)) return 'erased';
    if (!freshIds.has(notificationId)) return earlier.get(notificationId) ?? [];
    const own = byId.get(notificationId)?.deliveries ?? [];
    return own.flatMap(({ id, provider, kind, status }) =>
      status === 'queued' && provider !== null && kind !== null ? [{ id, provider, kind }] : [],
    );
  });
}

const UNSETTLED = statement<'ids' | 'first', QueuedDelivery & { notification_id: string }>(`
SELECT id, provider, kind, notification_id FROM delivery
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
