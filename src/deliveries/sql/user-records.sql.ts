import type pg from 'pg';
import { statement } from '../../platform/database/statement.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { beforeDeliveriesOf, spanOf } from './span-of.js';

// The ledger's rows of one user, in steps of a few hundred notifications, so that no transaction is long. Rows are locked
// as in report.sql.ts: sms_receipt first and by itself, then deliveries in id order, then attempts.

/** Notifications per step. */
export const STEP = 250;

export interface UserKey {
  readonly appId: string;
  readonly uid: string;
}

const IDS = statement<keyof UserKey | 'after' | 'limit', { id: string }>(`
SELECT id FROM notification WHERE app_id = :appId AND uid = :uid AND id > :after ORDER BY id LIMIT :limit`);

const NUMBERS = statement<'ids' | 'firstDelivery', { phno: string }>(`
SELECT DISTINCT address->>'phno' AS phno FROM delivery
WHERE notification_id = ANY(:ids::uuid[]) AND id > :firstDelivery AND address->>'phno' IS NOT NULL`);

const MENTIONS = statement<
  keyof UserKey | 'after' | 'limit' | 'patterns',
  { id: string; mentions: boolean }
>(`
SELECT id, content LIKE ANY (:patterns::text[]) AS mentions FROM notification
WHERE app_id = :appId AND uid = :uid AND id > :after ORDER BY id LIMIT :limit`);

const DELETE_RECEIPTS = statement<'appId' | 'ids' | 'firstDelivery'>(`
WITH mine AS (
  SELECT DISTINCT r.app_id, r.provider, part.id
  FROM delivery d JOIN attempt a ON a.delivery_id = d.id
  JOIN sms_receipt r ON r.app_id = :appId AND r.provider = a.provider AND r.vendor_message_id = a.vendor_message_id
  CROSS JOIN LATERAL (SELECT r.vendor_message_id AS id
                      UNION SELECT jsonb_array_elements_text(coalesce(r.part_ids, '[]'))) part
  WHERE d.notification_id = ANY(:ids::uuid[]) AND d.id > :firstDelivery AND d.kind = 'sms'
), locked AS (
  SELECT s.app_id, s.provider, s.vendor_message_id
  FROM sms_receipt s JOIN mine ON s.app_id = mine.app_id AND s.provider = mine.provider AND s.vendor_message_id = mine.id
  ORDER BY 1, 2, 3 FOR UPDATE OF s
)
DELETE FROM sms_receipt s USING locked l
WHERE s.app_id = l.app_id AND s.provider = l.provider AND s.vendor_message_id = l.vendor_message_id`);

const LOCK_DELIVERIES = statement<'ids' | 'firstDelivery', { id: string }>(`
SELECT id FROM delivery WHERE notification_id = ANY(:ids::uuid[]) AND id > :firstDelivery ORDER BY id FOR UPDATE`);

const DELETE_ATTEMPTS = statement<'ids' | 'first' | 'last'>(
  'DELETE FROM attempt WHERE delivery_id = ANY(:ids::uuid[]) AND delivery_id BETWEEN :first AND :last',
);
const DELETE_SUCCESSORS = statement<'ids'>('DELETE FROM sms_successor WHERE delivery_id = ANY(:ids::uuid[])');
const DELETE_DELIVERIES = statement<'ids' | 'first' | 'last'>(
  'DELETE FROM delivery WHERE id = ANY(:ids::uuid[]) AND id BETWEEN :first AND :last',
);
const DELETE_NOTIFICATIONS = statement<'ids' | 'first' | 'last'>(
  'DELETE FROM notification WHERE id = ANY(:ids::uuid[]) AND id BETWEEN :first AND :last',
);

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The ids of a user's notifications, oldest first, a step at a time. */
async function* idsOf(sql: pg.Pool, user: UserKey): AsyncGenerator<string[], void> {
  for (let after = FIRST_ID; ;) {
    const ids = (await IDS.rows(sql, { ...user, after, limit: STEP })).map(({ id }) => id);
    if (ids.length > 0) yield ids;
    if (ids.length < STEP) return;
    after = ids.at(-1) ?? after;
  }
}

/** The numbers (E.164) to which SMS of a user were planned. */
export async function numbersOf(sql: pg.Pool, user: UserKey): Promise<string[]> {
  const numbers = new Set<string>();
  for await (const ids of idsOf(sql, user)) {
    const rows = await NUMBERS.rows(sql, { ids, firstDelivery: beforeDeliveriesOf(ids) });
    for (const { phno } of rows) numbers.add(phno);
  }
  return [...numbers];
}

/** Deletes the notifications of a user with all their data. @returns their number. */
export async function deleteNotificationsOf(sql: pg.Pool, user: UserKey): Promise<number> {
  let deleted = 0;
  for await (const ids of idsOf(sql, user)) deleted += await deleteNotifications(sql, user.appId, ids);
  return deleted;
}

/**
 * Deletes the notifications of `user` whose content has one of these numbers, in one step after the other over all of
 * them.
 *
 * @returns their number.
 */
export async function deleteMentionsOf(
  sql: pg.Pool,
  user: UserKey,
  numbers: readonly string[],
): Promise<number> {
  const patterns = numbers.map((phno) => `%"phno":"${phno}"%`);
  let deleted = 0;
  for (let after = FIRST_ID; patterns.length > 0;) {
    const rows = await MENTIONS.rows(sql, { ...user, after, limit: STEP, patterns });
    const ids = rows.filter(({ mentions }) => mentions).map(({ id }) => id);
    if (ids.length > 0) deleted += await deleteNotifications(sql, user.appId, ids);
    if (rows.length < STEP) break;
    after = rows.at(-1)?.id ?? after;
  }
  return deleted;
}

async function deleteNotifications(sql: pg.Pool, appId: string, ids: readonly string[]): Promise<number> {
  const firstDelivery = beforeDeliveriesOf(ids);
  await DELETE_RECEIPTS.run(sql, { appId, ids, firstDelivery });
  return inTransaction(sql, async (client) => {
    const locked = await LOCK_DELIVERIES.rows(client, { ids, firstDelivery });
    const deliveries = locked.map(({ id }) => id);
    const found = { ids: deliveries, ...spanOf(deliveries) };
    await DELETE_ATTEMPTS.run(client, found);
    await DELETE_SUCCESSORS.run(client, { ids: deliveries });
    await DELETE_DELIVERIES.run(client, found);
    return DELETE_NOTIFICATIONS.run(client, { ids, ...spanOf(ids) });
  });
}
