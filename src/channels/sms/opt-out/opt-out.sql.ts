import { erasureHash } from '../../../deliveries/sql/erased-user.sql.js';
import { prepared, statement } from '../../../platform/database/statement.js';

export const FIND_OPTED_OUT = prepared<'appId' | 'phno', { position: number }>(
  'opt_outs.find',
  `
SELECT p.position::int AS position
FROM unnest(:appId::text[], :phno::text[]) WITH ORDINALITY AS p(app_id, phno, position)
WHERE coalesce((SELECT o.opted_out FROM opt_out o WHERE o.app_id = p.app_id AND o.phno = p.phno),
               (SELECT true FROM erased_opt_out e
                WHERE e.app_id = p.app_id AND e.phno_hash = ${erasureHash('p.app_id', 'p.phno')}), false)`,
);

type Change = 'appId' | 'phno' | 'source' | 'provider' | 'asOf';

export const OPT_OUT = statement<Change>(`
INSERT INTO opt_out AS o (app_id, phno, opted_out, source, provider) VALUES (:appId, :phno, true, :source, :provider)
ON CONFLICT (app_id, phno) DO UPDATE
SET opted_out = true, source = excluded.source, provider = excluded.provider, changed_at = now()
WHERE NOT o.opted_out AND (:asOf::timestamptz IS NULL OR o.changed_at <= :asOf)`);

// A number that never opted out has no row to change. The opt-out of an erased user's number becomes an opt-in.
export const OPT_IN = statement<Change>(`
WITH lifted AS (
  DELETE FROM erased_opt_out
  WHERE app_id = :appId AND phno_hash = ${erasureHash(':appId::text', ':phno::text')}
    AND (:asOf::timestamptz IS NULL OR opted_out_at <= :asOf)
  RETURNING app_id
), restored AS (
  INSERT INTO opt_out (app_id, phno, opted_out, source, provider)
  SELECT app_id, :phno, false, :source, :provider FROM lifted
  ON CONFLICT (app_id, phno) DO NOTHING RETURNING app_id
), changed AS (
  UPDATE opt_out SET opted_out = false, source = :source, provider = :provider, changed_at = now()
  WHERE app_id = :appId AND phno = :phno AND opted_out AND (:asOf::timestamptz IS NULL OR changed_at <= :asOf)
  RETURNING app_id
)
SELECT app_id FROM restored UNION SELECT app_id FROM changed`);

/** The opt-outs of an app that are kept as hashes, by number. */
export const FIND_ERASED_OPT_OUT = statement<
  'appId' | 'phno',
  { source: string; provider: string | null; changedAt: Date }
>(`
SELECT source, provider, opted_out_at AS "changedAt" FROM erased_opt_out
WHERE app_id = :appId AND phno_hash = ${erasureHash(':appId::text', ':phno::text')}`);

// An opt-out still holds; an opt-in leaves nothing.
export const ERASE = statement<'appId' | 'numbers', { erased: number }>(`
WITH gone AS (
  DELETE FROM opt_out WHERE app_id = :appId AND phno = ANY(:numbers::text[]) RETURNING *
), kept AS (
  INSERT INTO erased_opt_out AS e (app_id, phno_hash, source, provider, opted_out_at)
  SELECT app_id, ${erasureHash('app_id', 'phno')}, source, provider, changed_at FROM gone WHERE opted_out
  ON CONFLICT (app_id, phno_hash) DO UPDATE SET opted_out_at = greatest(e.opted_out_at, excluded.opted_out_at)
)
SELECT count(*)::int AS erased FROM gone`);
