import { prepared, statement } from '../../../platform/database/statement.js';

/** How far ahead a send may be reserved: the caller sleeps until then, with its delivery claimed. */
export const AHEAD_MS = 1_000;

interface ReservationRow {
  readonly taken: boolean;
  readonly waitMs: number;
  readonly atMs: number;
}

// The reservations of an account are numbered: number k is due k / rate seconds after the epoch, rounded up to a
// millisecond. So every second has exactly as many as the rate allows, whichever statements take them, and the stored
// time in milliseconds identifies the next free number. A rate above 1,000 has several reservations per millisecond;
// those left in a millisecond when a batch ends are skipped.
export const TAKE = prepared<'appId' | 'provider' | 'perSecond' | 'units', ReservationRow>(
  'sms_pace.take',
  `
WITH held AS MATERIALIZED (
  SELECT (extract(epoch FROM next_at) * 1000)::bigint AS next_ms FROM sms_pace
  WHERE app_id = :appId AND provider = :provider FOR UPDATE
), timed AS MATERIALIZED (
  -- Read once the row is locked, not when the wait for the lock began.
  SELECT next_ms, ceil(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms FROM held
), line AS (
  SELECT now_ms, greatest(next_ms * :perSecond::bigint / 1000, (now_ms * :perSecond::bigint + 999) / 1000) AS first,
         (now_ms + ${AHEAD_MS}) * :perSecond::bigint / 1000 AS last
  FROM timed
), asked AS (
  -- Only the first unit of a message must be within reach; the units of its other parts follow.
  SELECT position, units, sum(units) OVER (ORDER BY position) - units AS before
  FROM unnest(:units::int[]) WITH ORDINALITY AS a(units, position)
), moved AS (
  UPDATE sms_pace p
  SET next_at = to_timestamp((((line.last_taken + 1) * 1000 + :perSecond::bigint - 1) / :perSecond::bigint)::float8 / 1000)
  FROM (
    SELECT max(first + before + units - 1) AS last_taken FROM line, asked WHERE first + before <= last
    HAVING count(*) > 0
  ) line
  WHERE p.app_id = :appId AND p.provider = :provider
)
SELECT first + before <= last AS taken, (at_ms - now_ms)::int AS "waitMs", at_ms::float8 AS "atMs"
FROM line, asked,
     LATERAL (SELECT ((first + before) * 1000 + :perSecond::bigint - 1) / :perSecond::bigint AS at_ms) due
ORDER BY position`,
);

export const BEGIN = statement<'appId' | 'provider'>(
  'INSERT INTO sms_pace (app_id, provider, next_at) VALUES (:appId, :provider, now()) ON CONFLICT DO NOTHING',
);
