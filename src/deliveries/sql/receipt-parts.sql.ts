import type pg from 'pg';
import type { ReceiptRow } from './receipt-rows.sql.js';
import type { Word } from './receipt.sql.js';

type Part = Pick<
  ReceiptRow,
  'appId' | 'provider' | 'vendorMessageId' | 'status' | 'reason' | 'vendorCode' | 'at'
>;

const PARTS = `
SELECT r.app_id AS "appId", r.provider, r.vendor_message_id AS "vendorMessageId", r.status, r.reason,
       r.vendor_code AS "vendorCode", r.at
FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::int[])
  AS k(app_id, provider, vendor_message_id, delivery_id, attempt)
JOIN sms_receipt r USING (app_id, provider, vendor_message_id, delivery_id, attempt)`;

/**
 * What is known of the whole text, where a word is about one of its parts: it arrived where all of them did, and failed
 * where one did.
 */
export async function withAllParts(client: pg.PoolClient, words: readonly Word[]): Promise<readonly Word[]> {
  const keys = words.flatMap(({ appId, provider, partIds, deliveryId, attempt }) =>
    (partIds ?? []).map((id) => ({ appId, provider, id, deliveryId, attempt })),
  );
  if (keys.length === 0) return words;
  const { rows } = await client.query<Part>(PARTS, [
    keys.map(({ appId }) => appId),
    keys.map(({ provider }) => provider),
    keys.map(({ id }) => id),
    keys.map(({ deliveryId }) => deliveryId),
    keys.map(({ attempt }) => attempt),
  ]);
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

const keyOf = ({ appId, provider }: Partial<Pick<ReceiptRow, 'appId' | 'provider'>>, id: string): string =>
  JSON.stringify([appId, provider, id]);
