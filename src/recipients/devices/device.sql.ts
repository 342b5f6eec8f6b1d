import type { Transport } from '../../domain/notification.js';
import type { Prisma } from '../../platform/database/database.module.js';
import { FIND_ERASED } from '../../deliveries/sql/erased-user.sql.js';
import { compile, prepared, statement } from '../../platform/database/statement.js';
import type { WebPushKeys } from './registration.js';

export interface DeviceRow {
  readonly position: number;
  readonly id: string;
  readonly provider_id: string;
  readonly session_id: string | null;
  readonly transport: Transport;
  readonly platform: string;
  readonly token: string;
  readonly web_push_keys: WebPushKeys | null;
  readonly environment: 'production' | 'sandbox' | null;
  readonly locale: string | null;
}

export const DEVICES_OF = prepared<'appId' | 'uid', DeviceRow>(
  'devices.of',
  `
SELECT p.position::int AS position, d.id, d.provider_id, d.session_id, d.transport, d.platform, d.token, d.web_push_keys,
       d.environment, d.locale
FROM unnest(:appId::text[], :uid::text[]) WITH ORDINALITY AS p(app_id, uid, position)
JOIN device d ON d.app_id = p.app_id AND d.uid = p.uid AND d.retired_at IS NULL
ORDER BY p.position, d.updated_at DESC, d.id DESC`,
);

export const BATCH = 1_000;

// Rows that are being registered now are left for the next run, so that no batch waits for another.
export const RETIRE_UNSEEN = statement<'before', { app_id: string; count: number }>(`
WITH old AS (
  SELECT id FROM device WHERE retired_at IS NULL AND updated_at < :before AND (reached_at IS NULL OR reached_at < :before)
  ORDER BY updated_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
), retired AS (
  UPDATE device d SET retired_at = now(), retired_reason = 'unseen' FROM old WHERE d.id = old.id RETURNING d.app_id
)
SELECT app_id, count(*)::int AS count FROM retired GROUP BY app_id`);

export const DELETE_RETIRED = statement<'before'>(`
WITH old AS (
  SELECT id FROM device WHERE retired_at < :before ORDER BY retired_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
)
DELETE FROM device WHERE id IN (SELECT id FROM old)`);

// Updates a row at most once a day, and its environment once. Locked in id order; a row that is being registered now
// needs no update.
export const NOTE_REACHED = statement<'ids' | 'environments' | 'at'>(`
WITH reached AS (
  SELECT d.id, r.environment
  FROM device d JOIN unnest(:ids::uuid[], :environments::text[]) AS r(id, environment) ON r.id = d.id
  WHERE d.reached_at IS NULL OR d.reached_at < :at::timestamptz - interval '23 hours'
     OR d.environment IS NULL AND r.environment IS NOT NULL
  ORDER BY d.id FOR UPDATE OF d SKIP LOCKED
)
UPDATE device d
SET reached_at = greatest(d.reached_at, :at::timestamptz), environment = coalesce(d.environment, reached.environment)
FROM reached WHERE d.id = reached.id`);

const ERASED = compile(FIND_ERASED).text;

/** A Prisma transaction. */
export type Transaction = Parameters<Parameters<Prisma['$transaction']>[0]>[0];

/**
 * Takes the app's lock until the end of the transaction. The server ends idle transactions, so that a lost process does
 * not hold the lock until TCP notices.
 *
 * @returns the time of the database's clock, which all processes share.
 */
export async function lockDevices(transaction: Transaction, appId: string): Promise<Date> {
  const [row] = await transaction.$queryRaw<{ now: Date }[]>`
    SELECT clock_timestamp() AS now
    FROM set_config('idle_in_transaction_session_timeout', '15s', true),
         pg_advisory_xact_lock(hashtextextended(${`device ${appId}`}, 0))`;
  return row?.now ?? new Date();
}

/** The items whose user was erased after they arrived. */
export async function findErased<T extends { readonly uid: string; readonly receivedAt: Date }>(
  transaction: Transaction,
  appId: string,
  items: readonly T[],
): Promise<ReadonlySet<T>> {
  const uids = items.map(({ uid }) => uid);
  const times = items.map(({ receivedAt }) => receivedAt.toISOString());
  const rows = await transaction.$queryRawUnsafe<{ position: number }[]>(ERASED, uids, times, appId);
  return new Set(rows.flatMap(({ position }) => items[position - 1] ?? []));
}
