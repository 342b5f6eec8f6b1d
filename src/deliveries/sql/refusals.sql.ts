import type pg from 'pg';
import { DEAD_ADDRESS_REASONS } from '../../domain/reason.js';
import { statement } from '../../platform/database/statement.js';
import { firstIdAt } from '../../platform/ids/new-id.js';
import type { UserDevice, DeviceProviderAccount, Refusals } from '../records.js';
import { beforeDeliveriesOf } from './span-of.js';

const COUNT = statement<'appId' | 'provider' | 'kind' | 'withinSeconds' | 'deadReasons', Refusals>(`
SELECT count(*)::int AS sends, (count(*) FILTER (WHERE a.outcome = 'accepted'))::int AS accepted,
       (count(*) FILTER (WHERE a.outcome = 'refused' AND d.reason = ANY(:deadReasons::text[])))::int AS dead
FROM attempt a
JOIN delivery d ON d.id = a.delivery_id
JOIN notification n ON n.id = d.notification_id
WHERE a.started_at > now() - :withinSeconds::int * interval '1 second' AND a.provider = :provider
  AND a.outcome IN ('accepted', 'refused') AND d.kind = :kind AND n.app_id = :appId`);

/** Counts an account's accepted and refused messages of the last `withinSeconds`. */
export async function countRefusals(
  sql: pg.Pool,
  account: DeviceProviderAccount,
  withinSeconds: number,
): Promise<Refusals> {
  const [row] = await COUNT.rows(sql, { ...account, withinSeconds, deadReasons: DEAD_ADDRESS_REASONS });
  return row ?? { sends: 0, accepted: 0, dead: 0 };
}

/** Newest deliveries of a device that are examined. */
const MAX_EXAMINED = 50;

const LAST_OF_DEVICE = statement<
  'appId' | 'uid' | 'deviceId' | 'first' | 'firstDelivery' | 'deadReasons',
  { accepted: boolean; dead: boolean }
>(`
SELECT d.status IN ('sent', 'delivered') AS accepted, coalesce(d.reason = ANY(:deadReasons::text[]), false) AS dead
FROM notification n JOIN delivery d ON d.notification_id = n.id
WHERE n.app_id = :appId AND n.uid = :uid AND n.id >= :first AND d.id >= :firstDelivery AND d.device_id = :deviceId
ORDER BY n.id DESC LIMIT ${MAX_EXAMINED}`);

/** Number of consecutive refusals of a device as dead since its last accepted push. */
export async function countRefusedInARow(sql: pg.Pool, { since, ...device }: UserDevice): Promise<number> {
  const first = firstIdAt(since);
  const firstDelivery = beforeDeliveriesOf([first]);
  const rows = await LAST_OF_DEVICE.rows(sql, {
    ...device,
    first,
    firstDelivery,
    deadReasons: DEAD_ADDRESS_REASONS,
  });
  const accepted = rows.findIndex((row) => row.accepted);
  return (accepted < 0 ? rows : rows.slice(0, accepted)).filter(({ dead }) => dead).length;
}
