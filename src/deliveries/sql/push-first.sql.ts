import type pg from 'pg';
import { prepared } from '../../platform/database/statement.js';
import { beforeDeliveriesOf, spanOf } from './span-of.js';

const WITHOUT_SMS = prepared<'ids' | 'first' | 'last' | 'firstDelivery', { id: string }>(
  'ledger.without_sms',
  `
SELECT n.id FROM notification n
WHERE n.id = ANY(:ids::uuid[]) AND n.id BETWEEN :first AND :last AND NOT EXISTS (
  SELECT 1 FROM delivery d WHERE d.notification_id = n.id AND d.id > :firstDelivery AND d.kind = 'sms'
    AND d.status IN ('queued', 'sent', 'delivered'))`,
);

/** A notification that is not on record yet counts as having an SMS, because it is about to be planned. */
export async function withoutSms(sql: pg.Pool, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const firstDelivery = beforeDeliveriesOf(ids);
  const rows = await WITHOUT_SMS.rows(sql, { ids, ...spanOf(ids), firstDelivery });
  return rows.map(({ id }) => id);
}
