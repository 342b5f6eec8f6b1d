import type pg from 'pg';
import { ALERTS_BESIDE_VOIP } from '../../domain/alerts-beside-voip.js';
import { statement } from '../../platform/database/statement.js';
import { idFrom } from '../../platform/ids/new-id.js';
import type { LostDelivery, QueuedDelivery } from '../records.js';
import { addressOf, kindOf } from './current-device.sql.js';
import { beforeDeliveriesOf } from './span-of.js';

// The replacement for a lost push, in the same session: a newer token of the same kind or, for a VoIP token without
// one, the alert tokens that were left out because of it (ADR 0013).
const DEVICES_INSTEAD = statement<'id' | 'alerts' | 'first', { id: string }>(`
WITH lost AS (
  SELECT d.notification_id, d.device_id, d.address->>'transport' AS transport, n.app_id, n.uid,
         coalesce(d.session_id, own.session_id) AS session_id
  FROM delivery d JOIN notification n ON n.id = d.notification_id LEFT JOIN device own ON own.id = d.device_id
  WHERE d.id = :id::uuid AND d.status = 'queued' AND d.expires_at > now()
), instead AS (
  SELECT v.id, v.transport = lost.transport AS same_kind
  FROM lost JOIN device v ON v.app_id = lost.app_id AND v.uid = lost.uid AND v.session_id = lost.session_id
  WHERE v.retired_at IS NULL AND v.id <> lost.device_id
    AND (v.transport = lost.transport OR (lost.transport = 'apns-voip' AND v.platform = ANY(:alerts::text[])))
    AND NOT EXISTS (SELECT 1 FROM delivery o
                    WHERE o.notification_id = lost.notification_id AND o.id > :first AND o.device_id = v.id
                      AND o.options->>'insteadOf' IS DISTINCT FROM :id::text)
)
SELECT id FROM instead WHERE same_kind OR NOT EXISTS (SELECT 1 FROM instead WHERE same_kind)`);

const PLAN_INSTEAD = statement<'lost' | 'ids' | 'devices' | 'sandboxes'>(`
INSERT INTO delivery (id, notification_id, provider, kind, device_id, session_id, address, status, expires_at, ring_session,
                      options)
SELECT s.id, d.notification_id, v.provider_id, ${kindOf('v', ':sandboxes')}, v.id, v.session_id, ${addressOf('v')}, 'queued',
       d.expires_at, d.ring_session, coalesce(d.options, '{}') || jsonb_build_object('insteadOf', d.id)
FROM unnest(:ids::uuid[], :devices::uuid[]) AS s(id, device_id)
JOIN device v ON v.id = s.device_id
JOIN delivery d ON d.id = :lost
ON CONFLICT (id) DO NOTHING`);

/**
 * Writes the deliveries that replace one whose address was not reached. Idempotent.
 *
 * @returns whether there are any.
 */
export async function planInstead(
  sql: pg.Pool,
  { id, notificationId }: LostDelivery,
  sandboxes: readonly string[],
): Promise<boolean> {
  const first = beforeDeliveriesOf([notificationId]);
  const rows = await DEVICES_INSTEAD.rows(sql, { id, alerts: ALERTS_BESIDE_VOIP, first });
  if (rows.length === 0) return false;
  const devices = rows.map((device) => device.id);
  const ids = devices.map((device) => idFrom(id, device));
  await PLAN_INSTEAD.run(sql, { lost: id, ids, devices, sandboxes });
  return true;
}

const PLANNED_INSTEAD = statement<'lost' | 'notificationId' | 'first', QueuedDelivery>(`
SELECT id, provider, kind FROM delivery
WHERE notification_id = :notificationId AND id > :first AND status = 'queued' AND options->>'insteadOf' = :lost`);

/** The replacements that are still to be sent. */
export function plannedInstead(
  sql: pg.Pool,
  { id: lost, notificationId }: LostDelivery,
): Promise<QueuedDelivery[]> {
  return PLANNED_INSTEAD.rows(sql, { lost, notificationId, first: beforeDeliveriesOf([notificationId]) });
}
