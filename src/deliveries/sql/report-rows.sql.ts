import type pg from 'pg';
import { furthestReport, type DeliveryReportStatus } from '../../domain/delivery-report.js';
import type { Reason } from '../../domain/reason.js';
import { columns } from '../../platform/database/columns.js';
import { prepared } from '../../platform/database/statement.js';

/** A row of sms_receipt. */
export interface ReportRow {
  readonly appId: string;
  readonly provider: string;
  readonly vendorMessageId: string;
  readonly deliveryId: string | null;
  readonly attempt: number | null;
  readonly status: DeliveryReportStatus | null;
  readonly reason: Reason | null;
  readonly vendorCode: string | null;
  readonly at: Date | null;
  /** Ids of all parts, if the SMS was split into several messages. */
  readonly partIds: readonly string[] | null;
}

// Of two reports, the further status wins. If the id turns out to belong to another attempt, the stored report is
// discarded, as is one that matched no attempt for an hour: some vendors restart their ids.
const UPSERT = prepared<keyof ReportRow, ReportRow>(
  'ledger.report_rows',
  `
INSERT INTO sms_receipt AS r (app_id, provider, vendor_message_id, delivery_id, attempt, status, reason, vendor_code, at,
                              part_ids)
SELECT e.app_id, e.provider, e.vendor_message_id, e.delivery_id, e.attempt, e.status, e.reason, e.vendor_code, e.at,
       e.part_ids::jsonb
FROM unnest(:appId::text[], :provider::text[], :vendorMessageId::text[], :deliveryId::uuid[], :attempt::int[],
            :status::text[], :reason::text[], :vendorCode::text[], :at::timestamptz[], :partIds::text[])
  AS e(app_id, provider, vendor_message_id, delivery_id, attempt, status, reason, vendor_code, at, part_ids)
ORDER BY 1, 2, 3
ON CONFLICT (app_id, provider, vendor_message_id) DO UPDATE
SET (delivery_id, attempt, status, reason, vendor_code, at, part_ids, created_at) = (
  SELECT coalesce(excluded.delivery_id, r.delivery_id), coalesce(excluded.attempt, r.attempt),
         CASE WHEN w.wins THEN excluded.status ELSE r.status END,
         CASE WHEN w.wins THEN excluded.reason ELSE r.reason END,
         CASE WHEN w.wins THEN excluded.vendor_code ELSE r.vendor_code END,
         CASE WHEN w.wins THEN excluded.at ELSE r.at END,
         CASE WHEN w.is_other THEN excluded.part_ids ELSE coalesce(excluded.part_ids, r.part_ids) END,
         CASE WHEN w.is_other THEN now() ELSE r.created_at END
  FROM (
    SELECT o.is_other,
           o.is_other OR coalesce(array_position(o.ranks, excluded.status), 0) > coalesce(array_position(o.ranks, r.status), 0) AS wins
    FROM (
      SELECT ARRAY['accepted', 'failed', 'delivered'] AS ranks,
             excluded.delivery_id IS NOT NULL
             AND CASE WHEN r.delivery_id IS NULL THEN r.created_at < now() - interval '1 hour'
                      ELSE (r.delivery_id, r.attempt) IS DISTINCT FROM (excluded.delivery_id, excluded.attempt) END AS is_other
    ) o
  ) w
)
RETURNING app_id AS "appId", provider, vendor_message_id AS "vendorMessageId", delivery_id AS "deliveryId", attempt,
          status, reason, vendor_code AS "vendorCode", at, part_ids AS "partIds"`,
);

/**
 * Merges entries of links or reports with the stored rows.
 *
 * @returns the resulting rows by `rowKey`.
 */
export async function writeReportRows(
  client: pg.PoolClient,
  entries: readonly ReportRow[],
): Promise<ReadonlyMap<string, ReportRow>> {
  // One statement may write a row only once.
  const merged = new Map<string, ReportRow>();
  for (const entry of entries) {
    const known = merged.get(rowKey(entry));
    merged.set(rowKey(entry), known ? merge(known, entry) : entry);
  }
  const values = [...merged.values()];
  const rows = await UPSERT.rows(client, {
    ...columns(
      values,
      'appId',
      'provider',
      'vendorMessageId',
      'deliveryId',
      'attempt',
      'status',
      'reason',
      'at',
    ),
    vendorCode: values.map(({ vendorCode }) => vendorCode && storable(vendorCode)),
    partIds: values.map(({ partIds }) => partIds && JSON.stringify(partIds)),
  });
  return new Map(rows.map((row) => [rowKey(row), row]));
}

function merge(a: ReportRow, b: ReportRow): ReportRow {
  const bWins = a.status === null || (b.status !== null && furthestReport(b.status, a.status) === b.status);
  const { status, reason, vendorCode, at } = bWins && b.status !== a.status ? b : a;
  const { deliveryId, attempt } = b.deliveryId === null ? a : b;
  return { ...a, deliveryId, attempt, status, reason, vendorCode, at, partIds: b.partIds ?? a.partIds };
}

export const rowKey = (row: Pick<ReportRow, 'appId' | 'provider' | 'vendorMessageId'>): string =>
  JSON.stringify([row.appId, row.provider, row.vendorMessageId]);

/** Longer than any vendor's id, and short enough for an index entry. */
const MAX_ID_LENGTH = 255;

/** A vendor's id or code as the table can store it. */
export const storable = (given: string): string => given.replaceAll('\0', '').slice(0, MAX_ID_LENGTH);
