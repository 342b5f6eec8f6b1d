import type pg from 'pg';
import type { ClaimedDelivery, SmsFacts } from '../../domain/delivery.js';
import { prepared, statement } from '../../platform/database/statement.js';
import type { Unsent } from '../records.js';
import { settle } from './settle.sql.js';

// An SMS may move from vendor to vendor, and may be skipped at the last moment.

const REROUTE = prepared<'id' | 'attempt' | 'provider' | 'possibleDouble'>(
  'ledger.reroute',
  `
WITH under_way AS (
  UPDATE attempt SET provider = :provider, possible_double = :possibleDouble
  WHERE delivery_id = :id AND attempt = :attempt
)
UPDATE delivery SET provider = :provider WHERE id = :id AND attempts = :attempt AND status = 'queued'`,
);

/** Records the provider of the current attempt, and whether it may be a double of an earlier one. */
export async function reroute(
  sql: pg.Pool,
  { id, attempt }: ClaimedDelivery,
  provider: string,
  possibleDouble: boolean,
): Promise<void> {
  await REROUTE.run(sql, { id, attempt, provider, possibleDouble });
}

const SKIP_CLAIMED = statement<'id' | 'attempt' | 'reason' | 'provider' | keyof SmsFacts | 'wouldSend'>(`
WITH skipped AS (
  UPDATE delivery
  SET status = 'skipped', reason = :reason, attempts = attempts - 1, claimed_until = NULL, settled_at = now(),
      provider = :provider, encoding = :encoding, segments = :segments, country = :country,
      cost_micros = :costMicros, currency = :currency, would_send = :wouldSend
  WHERE id = :id AND attempts = :attempt AND status = 'queued' RETURNING id
)
DELETE FROM attempt WHERE delivery_id = :id AND delivery_id IN (SELECT id FROM skipped) AND attempt = :attempt`);

const NO_FACTS = { encoding: null, segments: null, country: null, costMicros: null, currency: null };

/** Settles a claimed delivery without sending it, and deletes the attempt that the claim began. */
export async function skipClaimed(
  sql: pg.Pool,
  { id, attempt, notificationId, provider }: ClaimedDelivery,
  { reason, sms, wouldSend }: Unsent,
): Promise<void> {
  await SKIP_CLAIMED.run(sql, {
    ...{ id, attempt, reason, provider },
    ...NO_FACTS,
    ...sms,
    wouldSend: wouldSend ? JSON.stringify(wouldSend) : null,
  });
  await settle(sql, [notificationId]);
}
