import type pg from 'pg';
import { columns } from '../../platform/database/columns.js';
import { statement } from '../../platform/database/statement.js';
import type { ReportRow } from './report-rows.sql.js';
import type { AttemptReport } from './report.sql.js';

type Part = Pick<
  ReportRow,
  'appId' | 'provider' | 'vendorMessageId' | 'status' | 'reason' | 'vendorCode' | 'at'
>;

const PARTS = statement<'appId' | 'provider' | 'id' | 'deliveryId' | 'attempt', Part>(`
SELECT r.app_id AS "appId", r.provider, r.vendor_message_id AS "vendorMessageId", r.status, r.reason,
       r.vendor_code AS "vendorCode", r.at
FROM unnest(:appId::text[], :provider::text[], :id::text[], :deliveryId::uuid[], :attempt::int[])
  AS k(app_id, provider, vendor_message_id, delivery_id, attempt)
JOIN sms_receipt r USING (app_id, provider, vendor_message_id, delivery_id, attempt)`);

/**
 * Replaces the report on a part of a split SMS by the state of the whole SMS: delivered if all parts are, failed if one
 * is.
 */
export async function withAllParts(
  client: pg.PoolClient,
  reports: readonly AttemptReport[],
): Promise<readonly AttemptReport[]> {
  const keys = reports.flatMap(({ appId, provider, partIds, deliveryId, attempt }) =>
    (partIds ?? []).map((id) => ({ appId, provider, id, deliveryId, attempt })),
  );
  if (keys.length === 0) return reports;
  const rows = await PARTS.rows(client, columns(keys, 'appId', 'provider', 'id', 'deliveryId', 'attempt'));
  const known = new Map(rows.map((row) => [keyOf(row, row.vendorMessageId), row]));
  return reports.map((report) =>
    report.partIds
      ? ofAll(
          report,
          report.partIds.map((id) => known.get(keyOf(report, id))),
        )
      : report,
  );
}

function ofAll(report: AttemptReport, parts: readonly (Part | undefined)[]): AttemptReport {
  const [first = report.vendorMessageId] = report.partIds ?? [];
  // The SMS has the id of its first part.
  const whole = { ...report, vendorMessageId: first };
  const failed = parts.find((part) => part?.status === 'failed');
  if (failed) {
    const { reason, vendorCode, at } = failed;
    return { ...whole, status: 'failed', reason, vendorCode, at };
  }
  const isDelivered = parts.every((part) => part?.status === 'delivered');
  if (isDelivered) return { ...whole, status: 'delivered', reason: null };
  return { ...whole, status: 'accepted', reason: null };
}

const keyOf = ({ appId, provider }: Partial<Pick<ReportRow, 'appId' | 'provider'>>, id: string): string =>
  JSON.stringify([appId, provider, id]);
