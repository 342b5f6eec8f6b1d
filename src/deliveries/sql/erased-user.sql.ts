import { statement } from '../../platform/database/statement.js';

/** SQL of the keyed hash under which an erased user or number is remembered. The arguments are SQL, too. */
export const erasureHash = (appId: string, value: string): string =>
  `sha256((SELECT key FROM erasure_key) || convert_to(${appId} || ' ' || ${value}, 'UTF8'))`;

/**
 * SQL of whether a user was erased at `at` or later. The arguments are SQL, too. A subquery with one value, because with
 * EXISTS PostgreSQL might read all erased users.
 */
export const erasedSince = (appId: string, uid: string, at: string): string =>
  `coalesce((SELECT e.erased_at FROM erased_user e
             WHERE e.app_id = ${appId} AND e.uid_hash = ${erasureHash(appId, uid)}) >= ${at}, false)`;

export const MARK = statement<'appId' | 'uid', { erasedAt: Date }>(`
INSERT INTO erased_user AS e (app_id, uid_hash, erased_at)
VALUES (:appId, ${erasureHash(':appId::text', ':uid::text')}, clock_timestamp())
ON CONFLICT (app_id, uid_hash) DO UPDATE SET erased_at = greatest(e.erased_at, excluded.erased_at)
RETURNING erased_at AS "erasedAt"`);

/** Those of an app's users who were erased at the given times or later; run in the transactions of their owners. */
export const FIND_ERASED = `
SELECT u.position::int AS position
FROM unnest(:uid::text[], :receivedAt::timestamptz[]) WITH ORDINALITY AS u(uid, received_at, position)
WHERE ${erasedSince(':appId::text', 'u.uid', 'u.received_at')}`;
