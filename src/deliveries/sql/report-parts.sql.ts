import type pg from 'pg';
import { columns } from '../../platform/database/columns.js';
import { statement } from '../../platform/database/statement.js';
import type { ReportRow } from './report-rows.sql.js';
import type { Word } from './report.sql.js';

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
 * What is known of the whole text, where a word is about one of its parts: it arrived where all of them did, and failed
 * where one did.
 */
export async function withAllParts(client: pg.PoolClient, words: readonly Word[]): Promise<readonly Word[]> {
  const keys = words.flatMap(({ appId, provider, partIds, deliveryId, attempt }) =>
    (partIds ?? []).map((id) => ({ appId, provider, id, deliveryId, attempt })),
  );
  if (keys.length === 0) return words;
  const rows = await PARTS.rows(client, columns(keys, 'appId', 'provider', 'id', 'deliveryId', 'attempt'));
  const known = new Map(rows.map((row) => [keyOf(row, row.vendorMessageId), row]));
  return words.map((word) =>
    word.partIds
      ? ofAll(
          word,
          word.partIds.map((id) => known.get(keyOf(word, id))),
        )
      : word,
  );
}

function ofAll(word: Word, parts: readonly (Part | undefined)[]): Word {
  const [first = word.vendorMessageId] = word.partIds ?? [];
  // The text has the id of its first part.
  const whole = { ...word, vendorMessageId: first };
  const failed = parts.find((part) => part?.status === 'failed');
  if (failed) {
    const { reason, vendorCode, at } = failed;
    return { ...whole, status: 'failed', reason, vendorCode, at };
  }
  const hasArrived = parts.every((part) => part?.status === 'delivered');
  if (hasArrived) return { ...whole, status: 'delivered', reason: null };
  return { ...whole, status: 'accepted', reason: null };
}

const keyOf = ({ appId, provider }: Partial<Pick<ReportRow, 'appId' | 'provider'>>, id: string): string =>
  JSON.stringify([appId, provider, id]);
