import type pg from 'pg';
import type { DeliveryOptions, PushAddress, SmsAddress } from '../../domain/delivery.js';
import { furthestStatus, type DeliveryStatus } from '../../domain/notification.js';
import type { AcceptedNotification, OrderedDelivery } from '../records.js';
import { beforeDeliveriesOf } from './span-of.js';

// The hot path in set-based SQL: each statement takes many rows, so that its cost is shared (ADR 0004).

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
}

/** No JSON text holds it: a text within one has to escape it. */
const SEPARATOR = '\u001e';

/**
 * JSON texts as one parameter, null as an empty one. The driver would write an array of them as a literal in which
 * every quote is escaped, and of quotes JSON has many.
 */
const joined = (texts: readonly (string | null)[]): string => texts.map((text) => text ?? '').join(SEPARATOR);

const INSERT_PLANS = `
WITH accepted AS (
  INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at, settled_at)
  SELECT n.id, n.app_id, n.channel, n.kind, n.uid, n.status, n.content, n.received_at,
         CASE WHEN n.status = 'queued' THEN NULL ELSE now() END
  FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], string_to_array($7, E'\\x1e'),
              $8::timestamptz[])
    AS n(id, app_id, channel, kind, uid, status, content, received_at)
  ON CONFLICT (id) DO NOTHING
  RETURNING id
), planned AS (
  INSERT INTO delivery (id, notification_id, provider, kind, device_id, address, status, reason, expires_at,
                        ring_session, options, session_id, settled_at)
  SELECT d.id, d.notification_id, d.provider, d.kind, d.device_id, d.address, d.status, d.reason, d.expires_at,
         d.ring_session, d.options, d.session_id, CASE WHEN d.status = 'queued' THEN NULL ELSE now() END
  FROM unnest($9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::uuid[],
              string_to_array($14, E'\\x1e', '')::jsonb[], $15::text[], $16::text[], $17::timestamptz[], $18::text[],
              string_to_array($19, E'\\x1e', '')::jsonb[], $20::text[])
    AS d(id, notification_id, provider, kind, device_id, address, status, reason, expires_at, ring_session, options,
         session_id)
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
      joined(notifications.map(({ content }) => content)),
      notifications.map(({ receivedAt }) => receivedAt),
      deliveries.map(({ id }) => id),
      deliveries.map(({ notificationId }) => notificationId),
      deliveries.map(({ provider }) => provider),
      deliveries.map(({ kind }) => kind),
      deliveries.map(({ deviceId }) => deviceId),
      joined(deliveries.map(({ address }) => (address === null ? null : JSON.stringify(address)))),
      deliveries.map(({ status }) => status),
      deliveries.map(({ reason }) => reason),
      deliveries.map(({ expiresAt }) => expiresAt),
      deliveries.map(({ ringSession }) => ringSession),
      joined(deliveries.map(({ options }) => (options === null ? null : JSON.stringify(options)))),
      deliveries.map(({ sessionId }) => sessionId),
    ],
  });
  const freshIds = new Set(fresh.map(({ id }) => id));
  const known = notifications.filter(({ id }) => !freshIds.has(id)).map(({ id }) => id);
  const earlier = known.length === 0 ? new Map<string, OrderedDelivery[]>() : await unsettled(sql, known);
  return given.map(({ notification: { id: notificationId } }) => {
    if (!freshIds.has(notificationId)) return earlier.get(notificationId) ?? [];
    const own = byId.get(notificationId)?.deliveries ?? [];
    return own.flatMap(({ id, provider, kind, status }) =>
      status === 'queued' && provider !== null && kind !== null ? [{ id, provider, kind }] : [],
    );
  });
}

async function unsettled(
  sql: pg.Pool,
  notificationIds: readonly string[],
): Promise<Map<string, OrderedDelivery[]>> {
  const { rows } = await sql.query<OrderedDelivery & { notification_id: string }>(
    `SELECT id, provider, kind, notification_id FROM delivery
     WHERE notification_id = ANY($1::uuid[]) AND id > $2 AND status = 'queued'`,
    [notificationIds, beforeDeliveriesOf(notificationIds)],
  );
  const byNotification = new Map<string, OrderedDelivery[]>();
  for (const { notification_id, ...delivery } of rows) {
    byNotification.set(notification_id, [...(byNotification.get(notification_id) ?? []), delivery]);
  }
  return byNotification;
}
