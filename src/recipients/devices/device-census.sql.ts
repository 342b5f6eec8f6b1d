import type pg from 'pg';
import type { ApnsEnvironment } from '../../domain/apns-environment.js';
import type { Transport } from '../../domain/notification.js';
import { statement } from '../../platform/database/statement.js';

/** Pages of the table that are read: about 50,000 devices. */
const SAMPLED_PAGES = 2_000;

/** Devices in use that have the same provider. */
export interface DeviceGroup {
  readonly appId: string;
  readonly providerId: string;
  readonly transport: Transport;
  readonly environment: ApnsEnvironment | null;
  readonly count: number;
}

const PAGES = statement<never, { pages: number }>(`
SELECT (pg_relation_size('device') / current_setting('block_size')::int)::float8 AS pages`);

// The same pages each time, so that the result does not change by itself.
const SAMPLE = statement<'percent', DeviceGroup>(`
SELECT app_id AS "appId", provider_id AS "providerId", transport, environment, count(*)::int AS count
FROM device TABLESAMPLE SYSTEM (:percent::float4) REPEATABLE (1)
WHERE retired_at IS NULL
GROUP BY app_id, provider_id, transport, environment`);

/** Counts the devices in use in a limited number of pages of the table, which are all pages of a small one. */
export async function sampleDevices(
  sql: pg.Pool,
): Promise<{ readonly groups: readonly DeviceGroup[]; readonly fraction: number }> {
  const [size] = await PAGES.rows(sql, {});
  const fraction = Math.min(1, SAMPLED_PAGES / Math.max(1, size?.pages ?? 0));
  return { groups: await SAMPLE.rows(sql, { percent: fraction * 100 }), fraction };
}
