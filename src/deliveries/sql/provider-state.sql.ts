import { statement } from '../../platform/database/statement.js';
import type { ProviderAccount, OpenBreaker } from '../provider-state.repository.js';

// Only the database's clock is used, so that processes on several machines agree on when an account may be probed.

type Key = keyof ProviderAccount;

export const OPEN_BREAKERS = statement<never, OpenBreaker>(`
SELECT app_id AS "appId", channel, provider, state, failures, failed_address AS "failedAddress",
       greatest(extract(epoch FROM until - now()) * 1000, 0)::int AS "remainingMs",
       greatest(extract(epoch FROM coalesce(probe_at, until) - now()) * 1000, 0)::int AS "probeInMs"
FROM provider_state`);

export const TRIP = statement<keyof OpenBreaker | 'isVerdict'>(`
INSERT INTO provider_state AS s (app_id, channel, provider, state, until, probe_at, failures, failed_address)
VALUES (:appId, :channel, :provider, :state, now() + :remainingMs::int * interval '1 millisecond',
        now() + :probeInMs::int * interval '1 millisecond', :failures, :failedAddress)
ON CONFLICT (app_id, channel, provider) DO UPDATE
SET state = CASE WHEN s.state = 'open' AND NOT :isVerdict THEN s.state ELSE excluded.state END,
    until = CASE WHEN :isVerdict THEN excluded.until ELSE greatest(s.until, excluded.until) END,
    probe_at = CASE WHEN :isVerdict OR s.probe_by IS NULL OR s.probe_at <= now()
                    THEN excluded.probe_at ELSE s.probe_at END,
    probe_by = CASE WHEN :isVerdict THEN NULL ELSE s.probe_by END,
    failures = CASE WHEN :isVerdict THEN excluded.failures ELSE greatest(s.failures, excluded.failures) END,
    failed_address = excluded.failed_address, updated_at = now()`);

/** Circuit breakers append the kind of device or the country to the provider's id. */
export const CLOSE_BY_OPERATOR = statement<Key, { released_at: Date }>(`
WITH released AS (
  DELETE FROM provider_state
  WHERE app_id = :appId AND channel = :channel
    AND (provider = :provider OR starts_with(provider, :provider::text || ':'))
)
INSERT INTO provider_release (app_id, channel, provider, released_at) VALUES (:appId, :channel, :provider, now())
ON CONFLICT (app_id, channel, provider) DO UPDATE SET released_at = excluded.released_at
RETURNING released_at`);

export const WAS_CLOSED_BY_OPERATOR = statement<Key | 'withinMinutes'>(`
SELECT 1 FROM provider_release
WHERE app_id = :appId AND channel = :channel AND provider = :provider
  AND released_at > now() - :withinMinutes::int * interval '1 minute'`);

export const TAKE_PROBE = statement<Key | 'deliveryId' | 'leaseMs'>(`
UPDATE provider_state
SET probe_at = now() + :leaseMs::int * interval '1 millisecond', probe_by = :deliveryId, updated_at = now()
WHERE app_id = :appId AND channel = :channel AND provider = :provider AND coalesce(probe_at, until) <= now()`);

export const RETURN_PROBE = statement<Key | 'deliveryId'>(`
UPDATE provider_state SET probe_at = now(), probe_by = NULL, updated_at = now()
WHERE app_id = :appId AND channel = :channel AND provider = :provider AND probe_by = :deliveryId`);

export const FORGET = statement<'afterMs'>(`
DELETE FROM provider_state
WHERE greatest(until, probe_at, updated_at) < now() - :afterMs::int * interval '1 millisecond'`);
