import { prepared, statement } from '../../../platform/database/statement.js';

export const FIND_OPTED_OUT = prepared<'appId' | 'phno', { position: number }>(
  'opt_outs.find',
  `
SELECT p.position::int AS position
FROM unnest(:appId::text[], :phno::text[]) WITH ORDINALITY AS p(app_id, phno, position)
JOIN opt_out o ON o.app_id = p.app_id AND o.phno = p.phno AND o.opted_out`,
);

type Change = 'appId' | 'phno' | 'source' | 'provider' | 'asOf';

export const OPT_OUT = statement<Change>(`
INSERT INTO opt_out AS o (app_id, phno, opted_out, source, provider) VALUES (:appId, :phno, true, :source, :provider)
ON CONFLICT (app_id, phno) DO UPDATE
SET opted_out = true, source = excluded.source, provider = excluded.provider, changed_at = now()
WHERE NOT o.opted_out AND (:asOf::timestamptz IS NULL OR o.changed_at <= :asOf)`);

// A number that never opted out has no row to change.
export const OPT_IN = statement<Change>(`
UPDATE opt_out SET opted_out = false, source = :source, provider = :provider, changed_at = now()
WHERE app_id = :appId AND phno = :phno AND opted_out AND (:asOf::timestamptz IS NULL OR changed_at <= :asOf)`);
