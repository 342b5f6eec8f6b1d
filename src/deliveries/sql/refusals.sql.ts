import type pg from 'pg';
import { DEAD_ADDRESS_REASONS } from '../../domain/reason.js';
import { firstIdAt } from '../../platform/ids/new-id.js';
import type { DeviceOfPerson, ProviderAccount, Refusals } from '../records.js';
import { beforeDeliveriesOf } from './span-of.js';

const COUNT = `
SELECT count(*)::int AS sends, (count(*) FILTER (WHERE a.outcome = 'accepted'))::int AS accepted,
       (count(*) FILTER (WHERE a.outcome = 'refused' AND d.reason = ANY($5::text[])))::int AS dead
FROM attempt a
JOIN delivery d ON d.id = a.delivery_id
JOIN notification n ON n.id = d.notification_id
WHERE a.started_at > now() - $4::int * interval '1 second' AND a.provider = $2
  AND a.outcome IN ('accepted', 'refused') AND d.kind = $3 AND n.app_id = $1`;

/** Counts what a vendor decided of late about the messages of one account. */
export async function countRefusals(
  sql: pg.Pool,
  { appId, provider, kind }: ProviderAccount,
  withinSeconds: number,
): Promise<Refusals> {
  const { rows } = await sql.query<Refusals>(COUNT, [
    appId,
    provider,
    kind,
    withinSeconds,
    DEAD_ADDRESS_REASONS,
  ]);
  return rows[0] ?? { sends: 0, accepted: 0, dead: 0 };
}

/** Deliveries of one device that are looked at, at most. */
const MAX_LOOKED_AT = 50;

const LAST_OF_DEVICE = `
SELECT d.status IN ('sent', 'delivered') AS accepted, coalesce(d.reason = ANY($5::text[]), false) AS dead
FROM notification n JOIN delivery d ON d.notification_id = n.id
WHERE n.app_id = $1 AND n.uid = $2 AND n.id >= $3 AND d.id >= $6 AND d.device_id = $4
ORDER BY n.id DESC LIMIT ${MAX_LOOKED_AT}`;

/** How often a device was last refused as dead, with nothing accepted in between. */
export async function countRefusedInARow(
  sql: pg.Pool,
  { appId, uid, deviceId, since }: DeviceOfPerson,
): Promise<number> {
  const first = firstIdAt(since);
  const { rows } = await sql.query<{ accepted: boolean; dead: boolean }>(LAST_OF_DEVICE, [
    appId,
    uid,
    first,
    deviceId,
    DEAD_ADDRESS_REASONS,
    beforeDeliveriesOf([first]),
  ]);
  const accepted = rows.findIndex((row) => row.accepted);
  return (accepted < 0 ? rows : rows.slice(0, accepted)).filter(({ dead }) => dead).length;
}
