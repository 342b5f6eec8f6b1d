import { erasedSince } from '../../deliveries/sql/erased-user.sql.js';
import { prepared } from '../../platform/database/statement.js';
import type { Contact } from '../../platform/database/generated/client.js';

export const NUMBERS = prepared<'appId' | 'uid', { position: number; phno: string }>(
  'contacts.numbers',
  `
SELECT p.position::int AS position, c.phno
FROM unnest(:appId::text[], :uid::text[]) WITH ORDINALITY AS p(app_id, uid, position)
JOIN contact c ON c.app_id = p.app_id AND c.uid = p.uid`,
);

// Sorted by key so that concurrent batches cannot deadlock. A request received before its user was erased writes nothing.
export const PUT = prepared<'appId' | 'uid' | 'phno' | 'name' | 'receivedAt', Contact>(
  'contacts.put',
  `
INSERT INTO contact (app_id, uid, phno, name)
SELECT c.app_id, c.uid, c.phno, c.name
FROM unnest(:appId::text[], :uid::text[], :phno::text[], :name::text[], :receivedAt::timestamptz[])
  AS c(app_id, uid, phno, name, received_at)
WHERE NOT ${erasedSince('c.app_id', 'c.uid', 'c.received_at')}
ORDER BY 1, 2
ON CONFLICT (app_id, uid) DO UPDATE SET phno = excluded.phno, name = excluded.name, updated_at = now()
RETURNING app_id AS "appId", uid, phno, name, created_at AS "createdAt", updated_at AS "updatedAt"`,
);
