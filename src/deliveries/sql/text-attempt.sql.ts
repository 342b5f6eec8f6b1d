import type pg from 'pg';
import type { ClaimedDelivery } from '../../domain/delivery.js';
import type { Unsent } from '../records.js';
import { settle } from './settle.sql.js';

// Texts may go from vendor to vendor, and may be held back at the last moment.

/** The attempt under way goes through this provider, and may be a double of one before it. */
export async function reroute(
  sql: pg.Pool,
  { id, attempt }: ClaimedDelivery,
  provider: string,
  possibleDouble: boolean,
): Promise<void> {
  await sql.query({
    name: 'ledger.reroute',
    text: `WITH under_way AS (
             UPDATE attempt SET provider = $3, possible_double = $4 WHERE delivery_id = $1 AND attempt = $2
           )
           UPDATE delivery SET provider = $3 WHERE id = $1 AND attempts = $2 AND status = 'queued'`,
    values: [id, attempt, provider, possibleDouble],
  });
}

/** An earlier attempt whose end was not known has reached nobody, as its vendor says. */
export async function disproveAttempt(
  sql: pg.Pool,
  deliveryId: string,
  attempt: number,
  vendorCode: string,
): Promise<void> {
  await sql.query(
    `UPDATE attempt SET outcome = 'unavailable', vendor_code = $3
     WHERE delivery_id = $1 AND attempt = $2 AND outcome = 'unknown'`,
    [deliveryId, attempt, vendorCode],
  );
}

/** Settles a claimed delivery for which nothing is sent; the attempt that the claim began never happened. */
export async function skipClaimed(
  sql: pg.Pool,
  { id, attempt, notificationId, provider }: ClaimedDelivery,
  { reason, text, wouldSend }: Unsent,
): Promise<void> {
  await sql.query(
    `WITH skipped AS (
       UPDATE delivery
       SET status = 'skipped', reason = $3, attempts = attempts - 1, claimed_until = NULL, settled_at = now(),
           provider = $4, encoding = $5, segments = $6, country = $7, cost_micros = $8, currency = $9, would_send = $10
       WHERE id = $1 AND attempts = $2 AND status = 'queued' RETURNING id
     )
     DELETE FROM attempt WHERE delivery_id = $1 AND delivery_id IN (SELECT id FROM skipped) AND attempt = $2`,
    [
      id,
      attempt,
      reason,
      provider,
      text?.encoding ?? null,
      text?.segments ?? null,
      text?.country ?? null,
      text?.costMicros ?? null,
      text?.currency ?? null,
      wouldSend ? JSON.stringify(wouldSend) : null,
    ],
  );
  await settle(sql, [notificationId]);
}
