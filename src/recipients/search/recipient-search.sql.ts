import { statement } from '../../platform/database/statement.js';

/** A user may have many devices: rows read for each app, from which the users are taken. */
const MAX_ROWS = 500;

const uidsIn = (table: 'device' | 'contact'): string => `(
    SELECT uid FROM ${table} WHERE app_id = a.app_id AND uid COLLATE "C" LIKE :pattern
    ORDER BY uid COLLATE "C" LIMIT ${MAX_ROWS})`;

export const USERS_BY_PREFIX = statement<'appIds' | 'pattern' | 'limit', { appId: string; uid: string }>(`
SELECT DISTINCT a.app_id AS "appId", u.uid
FROM unnest(:appIds::text[]) AS a(app_id)
CROSS JOIN LATERAL (${uidsIn('device')} UNION ${uidsIn('contact')}) u
ORDER BY u.uid, "appId" LIMIT :limit`);
