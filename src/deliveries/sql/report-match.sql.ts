import type pg from 'pg';
import { columns } from '../../platform/database/columns.js';
import { statement } from '../../platform/database/statement.js';
import type { ReceivedReport } from '../records.js';
import { rowKey, storable, type ReportRow } from './report-rows.sql.js';

/** The reference sent with every SMS: the delivery's id and the attempt's number. */
const REFERENCE = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d{1,6})$/i;

interface Referred {
  readonly deliveryId: string;
  readonly attempt: number;
}

type LinkedRow = Pick<ReportRow, 'appId' | 'provider' | 'vendorMessageId'>;

// A reference is valid only for the app and account whose vendor returned it.
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

/** The attempts that delivery reports refer to; undefined without a valid reference. */
export async function referredAttempts(
  client: pg.PoolClient,
  received: readonly ReceivedReport[],
): Promise<readonly (Referred | undefined)[]> {
  const references = received.flatMap(({ appId, provider, report }, index) => {
    const [, deliveryId, attempt] = REFERENCE.exec(report.reference ?? '') ?? [];
    return deliveryId === undefined ? [] : [{ index, appId, provider, deliveryId, attempt: Number(attempt) }];
  });
  const attempts = new Map<number, Referred>();
  if (references.length > 0) {
    const keys = columns(references, 'deliveryId', 'attempt', 'appId', 'provider');
    for (const { position, ...referred } of await REFERRED.rows(client, keys)) {
      const reference = references[position - 1];
      if (reference) attempts.set(reference.index, referred);
    }
  }
  return received.map((_, index) => attempts.get(index));
}

/** Those spellings of the reports' message ids under which an SMS is known, as written by `rowKey`. */
export async function linkedIds(
  client: pg.PoolClient,
  received: readonly ReceivedReport[],
): Promise<ReadonlySet<string>> {
  const spellings = received.flatMap(({ appId, provider, report: { vendorMessageId, otherIds = [] } }) =>
    otherIds.length === 0
      ? []
      : [vendorMessageId, ...otherIds].map((id) => ({ appId, provider, vendorMessageId: storable(id) })),
  );
  if (spellings.length === 0) return new Set();
  const rows = await LINKED.rows(client, columns(spellings, 'appId', 'provider', 'vendorMessageId'));
  return new Set(rows.map(rowKey));
}
