import type pg from 'pg';
import { columns } from '../../platform/database/columns.js';
import { statement } from '../../platform/database/statement.js';
import type { ReceivedReport } from '../records.js';
import { rowKey, storable, type ReportRow } from './report-rows.sql.js';

/** What we send along with every text: the delivery's id and the attempt's number. */
const REFERENCE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d{1,6})$/i;

interface Referred {
  readonly deliveryId: string;
  readonly attempt: number;
}

type LinkedRow = Pick<ReportRow, 'appId' | 'provider' | 'vendorMessageId'>;

// A reference counts only for the app and the account whose vendor hands it back.
const REFERRED = statement<keyof Referred | 'appId' | 'provider', Referred & { position: number }>(`
SELECT r.position::int AS position, a.delivery_id AS "deliveryId", a.attempt
FROM unnest(:deliveryId::uuid[], :attempt::int[], :appId::text[], :provider::text[]) WITH ORDINALITY
  AS r(delivery_id, attempt, app_id, provider, position)
JOIN attempt a ON a.delivery_id = r.delivery_id AND a.attempt = r.attempt AND a.provider = r.provider
JOIN delivery d ON d.id = a.delivery_id
JOIN notification n ON n.id = d.notification_id AND n.app_id = r.app_id`);

const LINKED = statement<keyof LinkedRow, LinkedRow>(`
SELECT r.app_id AS "appId", r.provider, r.vendor_message_id AS "vendorMessageId"
FROM unnest(:appId::text[], :provider::text[], :vendorMessageId::text[]) AS k(app_id, provider, vendor_message_id)
JOIN sms_receipt r USING (app_id, provider, vendor_message_id)
WHERE r.delivery_id IS NOT NULL`);

/** The attempts that receipts mean by the reference in them; undefined where there is none. */
export async function referredAttempts(
  client: pg.PoolClient,
  received: readonly ReceivedReport[],
): Promise<readonly (Referred | undefined)[]> {
  const questions = received.flatMap(({ appId, provider, receipt }, index) => {
    const [, deliveryId, attempt] = REFERENCE.exec(receipt.reference ?? '') ?? [];
    return deliveryId === undefined ? [] : [{ index, appId, provider, deliveryId, attempt: Number(attempt) }];
  });
  const answers = new Map<number, Referred>();
  if (questions.length > 0) {
    const keys = columns(questions, 'deliveryId', 'attempt', 'appId', 'provider');
    for (const { position, ...referred } of await REFERRED.rows(client, keys)) {
      const question = questions[position - 1];
      if (question) answers.set(question.index, referred);
    }
  }
  return received.map((_, index) => answers.get(index));
}

/** Those spellings of receipts' ids under which a text is known, as `rowKey` writes them. */
export async function linkedIds(
  client: pg.PoolClient,
  received: readonly ReceivedReport[],
): Promise<ReadonlySet<string>> {
  const spellings = received.flatMap(({ appId, provider, receipt: { vendorMessageId, otherIds = [] } }) =>
    otherIds.length === 0
      ? []
      : [vendorMessageId, ...otherIds].map((id) => ({ appId, provider, vendorMessageId: storable(id) })),
  );
  if (spellings.length === 0) return new Set();
  const rows = await LINKED.rows(client, columns(spellings, 'appId', 'provider', 'vendorMessageId'));
  return new Set(rows.map(rowKey));
}
