import type pg from 'pg';
import { columns } from '../../platform/database/columns.js';
import { prepared, statement } from '../../platform/database/statement.js';
import type { DueSms } from '../records.js';

/** A second delivery of an SMS, through its remaining providers. */
export interface Succession {
  readonly deliveryId: string;
  readonly successorId: string;
  readonly route: readonly string[];
  /** The first one may still arrive. */
  readonly possibleDouble: boolean;
}

const COPY = `
INSERT INTO delivery (id, notification_id, provider, kind, device_id, address, status, expires_at, options)
SELECT s.successor_id, d.notification_id, s.route->>0, d.kind, d.device_id, d.address, 'queued', d.expires_at,
       jsonb_set(d.options, '{sms}', d.options->'sms' || jsonb_build_object('route', s.route)
         || CASE WHEN s.possible_double THEN '{"afterSilence":true}'::jsonb ELSE '{}' END)
FROM unnest(:deliveryId::uuid[], :successorId::uuid[], :route::jsonb[], :possibleDouble::bool[]) AS s(delivery_id, successor_id, route, possible_double)
JOIN delivery d ON d.id = s.delivery_id`;

/** Regardless of the successor's id: earlier versions used another one for an SMS without a delivery report. */
const HAS_NONE = `NOT EXISTS (
  SELECT 1 FROM delivery o WHERE o.notification_id = d.notification_id AND o.kind = 'sms' AND o.id > d.id)`;

const SUCCEED_FAILED = statement<keyof Succession>(`
WITH made AS (
  ${COPY} WHERE d.expires_at > now() AND ${HAS_NONE} ON CONFLICT (id) DO NOTHING RETURNING id
)
INSERT INTO sms_successor (delivery_id) SELECT id FROM made ON CONFLICT DO NOTHING`);

const SUCCEED_SILENT = statement<keyof Succession>(`
${COPY}
WHERE d.status = 'sent' AND NOT EXISTS (
  SELECT 1 FROM attempt a WHERE a.delivery_id = d.id AND a.receipt_status = 'accepted')
ON CONFLICT (id) DO NOTHING`);

const DUE = prepared<'limit', DueSms>(
  'ledger.due_successors',
  `
SELECT s.delivery_id AS "deliveryId", due.*
FROM (SELECT delivery_id FROM sms_successor LIMIT :limit) s
LEFT JOIN LATERAL (
  SELECT d.notification_id AS "notificationId", n.app_id AS "appId", n.uid, d.provider, d.expires_at AS "expiresAt"
  FROM delivery d JOIN notification n ON n.id = d.notification_id
  WHERE d.id = s.delivery_id AND d.status = 'queued'
) due ON true`,
);

const paramsOf = (successions: readonly Succession[]): Record<keyof Succession, unknown[]> => ({
  ...columns(successions, 'deliveryId', 'successorId', 'possibleDouble'),
  route: successions.map(({ route }) => JSON.stringify(route)),
});

/**
 * Writes second deliveries of failed SMS in the transaction that records the failure, and marks each as in need of a
 * job. Idempotent.
 */
export async function succeedFailed(
  client: pg.PoolClient,
  successions: readonly Succession[],
): Promise<void> {
  if (successions.length === 0) return;
  await SUCCEED_FAILED.run(client, paramsOf(successions));
}

/** Writes a second delivery of an SMS without a delivery report. Idempotent. */
export async function succeedSilent(sql: pg.Pool, succession: Succession): Promise<void> {
  await SUCCEED_SILENT.run(sql, paramsOf([succession]));
}

/** Second deliveries in need of a job; only the id of those that are settled or deleted. */
export function dueSuccessors(sql: pg.Pool, limit: number): Promise<DueSms[]> {
  return DUE.rows(sql, { limit });
}
