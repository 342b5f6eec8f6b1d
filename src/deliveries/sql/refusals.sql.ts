import type pg from 'pg';
import { DEAD_ADDRESS_REASONS } from '../../domain/reason.js';
import type { ProviderAccount, Refusals } from '../records.js';

const COUNT = `
SELECT count(*)::int AS sends,
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
  return rows[0] ?? { sends: 0, dead: 0 };
}
