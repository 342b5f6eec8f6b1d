import { prepared, statement } from '../../../platform/database/statement.js';

/** How far ahead a slot may be taken: the caller sleeps until then, and holds its delivery meanwhile. */
export const AHEAD_MS = 1_000;

interface ReservationRow {
  readonly taken: boolean;
  readonly waitMs: number;
  readonly atMs: number;
}

// The slots of an account are numbered: slot k lies at k / rate seconds since the epoch, rounded up to a millisecond.
// So each stretch of a second has as many slots as the rate says, by whichever statements they are taken, and what is
// stored, though in milliseconds, is the number of the next free one. A rate beyond 1,000 has several slots in a
// millisecond, and leaves out the rest of one that a batch has begun.
export const TAKE = prepared<'appId' | 'provider' | 'perSecond' | 'places', ReservationRow>(
  'sms_pace.take',
  `
WITH held AS MATERIALIZED (
  SELECT (extract(epoch FROM next_at) * 1000)::bigint AS next_ms FROM sms_pace
  WHERE app_id = :appId AND provider = :provider FOR UPDATE
), timed AS MATERIALIZED (
  -- Read when the row is held, not when the wait for it began.
  SELECT next_ms, ceil(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms FROM held
), line AS (
  SELECT now_ms, greatest(next_ms * :perSecond::bigint / 1000, (now_ms * :perSecond::bigint + 999) / 1000) AS first,
         (now_ms + ${AHEAD_MS}) * :perSecond::bigint / 1000 AS last
  FROM timed
), asked AS (
  -- Only the first slot of a message has to be near; those of its other parts follow it.
  SELECT position, places, sum(places) OVER (ORDER BY position) - places AS before
  FROM unnest(:places::int[]) WITH ORDINALITY AS a(places, position)
), moved AS (
  UPDATE sms_pace p
  SET next_at = to_timestamp((((line.last_taken + 1) * 1000 + :perSecond::bigint - 1) / :perSecond::bigint)::float8 / 1000)
  FROM (
    SELECT max(first + before + places - 1) AS last_taken FROM line, asked WHERE first + before <= last
    HAVING count(*) > 0
  ) line
  WHERE p.app_id = :appId AND p.provider = :provider
)
SELECT first + before <= last AS taken, (at_ms - now_ms)::int AS "waitMs", at_ms::float8 AS "atMs"
FROM line, asked,
     LATERAL (SELECT ((first + before) * 1000 + :perSecond::bigint - 1) / :perSecond::bigint AS at_ms) slot
ORDER BY position`,
);

export const BEGIN = statement<'appId' | 'provider'>(
  'INSERT INTO sms_pace (app_id, provider, next_at) VALUES (:appId, :provider, now()) ON CONFLICT DO NOTHING',
);
