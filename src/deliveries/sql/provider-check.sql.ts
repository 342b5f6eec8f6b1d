import { statement } from '../../platform/database/statement.js';
import type { CodeCount, ProviderCheck } from '../provider-check.repository.js';

type Key = 'appId' | 'channel' | 'provider' | 'type' | 'environment';
type Found = 'credential' | 'outcome' | 'code' | 'text' | 'fix' | 'link' | 'balance' | 'currency';

/** With new settings, failures are counted anew. Those of one minute count once: workers may check at the same time. */
export const RECORD_CHECK = statement<Key | Found | 'clockSkewMs' | 'caExpiresAt', { failures: number }>(`
INSERT INTO provider_check AS c (app_id, channel, provider, type, environment, credential, outcome, code, text,
                                 fix, link, balance, currency, clock_skew_ms, ca_expires_at, failures)
VALUES (:appId, :channel, :provider, :type, :environment, :credential, :outcome, :code, :text,
        :fix, :link, :balance, :currency, :clockSkewMs::int, :caExpiresAt, (:outcome = 'failed')::int)
ON CONFLICT (app_id, channel, provider, type, environment) DO UPDATE
SET credential = excluded.credential, checked_at = now(), outcome = excluded.outcome, code = excluded.code,
    text = excluded.text, fix = excluded.fix, link = excluded.link, balance = excluded.balance,
    currency = excluded.currency, clock_skew_ms = excluded.clock_skew_ms, ca_expires_at = excluded.ca_expires_at,
    failures = CASE WHEN c.credential <> excluded.credential OR excluded.outcome = 'ok' THEN excluded.failures
                    WHEN c.outcome = 'failed' AND c.checked_at > now() - interval '1 minute' THEN c.failures
                    ELSE c.failures + excluded.failures END
RETURNING failures`);

export const CHECKS = statement<never, ProviderCheck>(`
SELECT app_id AS "appId", channel, provider, type, environment, credential, checked_at AS "checkedAt",
       (extract(epoch FROM now() - checked_at) * 1000)::float8 AS "ageMs", outcome, code, text, fix, link, failures,
       balance, currency, clock_skew_ms AS "clockSkewMs", ca_expires_at AS "caExpiresAt"
FROM provider_check`);

/** Results of accounts that are no longer configured are not renewed. */
export const FORGET_CHECKS = statement<'afterMs'>(`
DELETE FROM provider_check WHERE checked_at < now() - :afterMs::float8 * interval '1 millisecond'`);

/**
 * Of the last attempts only: an index by account would burden every attempt. Rows are looked up by lists of ids; in a plain
 * join, the planner expects matches in all partitions and reads them whole.
 */
export const LAST_CODES = statement<'attempts', CodeCount>(`
WITH last AS MATERIALIZED (
  SELECT delivery_id, provider, outcome, vendor_code, started_at FROM attempt
  ORDER BY delivery_id DESC LIMIT :attempts
), d AS MATERIALIZED (
  SELECT id, kind, notification_id FROM delivery WHERE id = ANY(ARRAY(SELECT delivery_id FROM last))
), n AS MATERIALIZED (
  SELECT id, app_id, channel FROM notification WHERE id = ANY(ARRAY(SELECT notification_id FROM d))
)
SELECT n.app_id AS "appId", n.channel, a.provider, d.kind, a.outcome, a.vendor_code AS code,
       count(*)::int AS attempts, max(a.started_at) AS "lastAt"
FROM last a
JOIN d ON d.id = a.delivery_id
JOIN n ON n.id = d.notification_id
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY max(a.started_at) DESC`);
