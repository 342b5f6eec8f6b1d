import type pg from 'pg';
import { firstIdAt } from '../../platform/ids/new-id.js';
import { beforeDeliveriesOf, spanOf } from './span-of.js';

const MAX_PUSHES = 200;

/** What is not on record yet is about to be: it counts as having a text. */
export async function withoutText(sql: pg.Pool, notificationIds: readonly string[]): Promise<string[]> {
  if (notificationIds.length === 0) return [];
  const { first, last } = spanOf(notificationIds);
  const { rows } = await sql.query<{ id: string }>({
    name: 'ledger.without_text',
    text: `SELECT n.id FROM notification n WHERE n.id = ANY($1::uuid[]) AND n.id BETWEEN $2 AND $3 AND NOT EXISTS (
             SELECT 1 FROM delivery d WHERE d.notification_id = n.id AND d.id > $4 AND d.kind = 'sms'
               AND d.status IN ('queued', 'sent', 'delivered'))`,
    values: [notificationIds, first, last, beforeDeliveriesOf(notificationIds)],
  });
  return rows.map(({ id }) => id);
}

export async function pushesSince(sql: pg.Pool, appId: string, uid: string, since: Date): Promise<string[]> {
  const { rows } = await sql.query<{ content: string }>({
    name: 'ledger.pushes_since',
    text: `SELECT content FROM notification
           WHERE app_id = $1 AND uid = $2 AND id >= $3 AND channel = 'push' AND kind = 'chat' AND received_at > $4
           ORDER BY id DESC LIMIT ${MAX_PUSHES}`,
    values: [appId, uid, firstIdAt(since), since],
  });
  return rows.map(({ content }) => content);
}
