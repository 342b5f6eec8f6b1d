import type pg from 'pg';
import type { ClaimedDelivery, CountedIn, DeliveryOptions, BurstOptions } from '../../domain/delivery.js';
import { prepared, statement } from '../../platform/database/statement.js';
import type { Claim } from '../records.js';

/** A push of a conversation that is about to be planned. */
export interface CountedPush {
  readonly notificationId: string;
  readonly appId: string;
  readonly uid: string;
  readonly conversationId: string;
  /** The webhook's `data` as a JSON string. */
  readonly content: string;
  readonly options: DeliveryOptions;
  /** Earliest time to send it. */
  readonly notBefore: Date;
}

export interface BurstLimits {
  readonly ceiling: number;
  readonly windowSeconds: number;
  readonly collapseSeconds: number;
}

/** How a push is sent. */
export type BurstPlace =
  /** No burst: as it is. */
  | { readonly place: 'alone'; readonly began: string }
  /** As the digest push of a burst: when due, covering every message received by then. */
  | {
      readonly place: 'digest';
      readonly dueInMs: number;
      readonly count: number;
      readonly silent: boolean;
      readonly began: string;
    }
  /** Not at all: a waiting digest push covers it. */
  | { readonly place: 'collapsed' };

/** Minimum wait of a digest push: pushes below the ceiling are sent by then, and a burst fits into one digest. */
const SETTLE_S = 1;
/** A digest push this overdue may never be sent (its provider is unavailable): the next message replaces it. */
const OVERDUE_S = 60;

// One statement, so that the row lock serialises all pushes: a push is either covered by a digest push that has not been
// claimed, or becomes the next digest push. Only the database's clock is used.
//
// A burst lasts while each window exceeds the ceiling, and ends with the first window that does not. Planned again, the
// push that was counted last and the digest push are not counted again, but a push counted earlier is. A process that
// ends between this statement and the plan therefore makes the count too large by one, never too small.
const PLACE = prepared<keyof CountedPush | keyof BurstLimits, PlaceRow>(
  'ledger.place_in_burst',
  `
INSERT INTO conversation_storm AS s (app_id, uid, conversation_id, began)
VALUES (:appId, :uid, :conversationId, :notificationId::uuid)
ON CONFLICT (app_id, uid, conversation_id) DO UPDATE
SET (window_start, in_window, count, began, told, carrier, previous_carrier, waiting, due, newest,
     content, options, updated_at) = (
  SELECT
    CASE WHEN next.counted AND next.rolled THEN now() ELSE s.window_start END,
    CASE WHEN NOT next.counted THEN s.in_window WHEN next.rolled THEN 1 ELSE s.in_window + 1 END,
    next.count,
    CASE WHEN next.begins OR s.began IS NULL THEN :notificationId::uuid ELSE s.began END,
    CASE WHEN next.count > :ceiling::int THEN next.count ELSE s.told END,
    CASE WHEN next.is_digest THEN :notificationId::uuid ELSE s.carrier END,
    CASE WHEN next.is_digest THEN s.carrier ELSE s.previous_carrier END,
    s.waiting OR next.is_digest,
    CASE WHEN next.is_digest THEN greatest(now() + interval '${SETTLE_S} seconds', :notBefore::timestamptz,
                                         s.due + :collapseSeconds::int * interval '1 second') ELSE s.due END,
    CASE WHEN next.is_newest THEN :notificationId::uuid ELSE s.newest END,
    CASE WHEN next.is_newest THEN :content::text ELSE s.content END,
    CASE WHEN next.is_newest THEN :options::jsonb ELSE s.options END,
    now()
  FROM (
    SELECT *,
           counted AND count > :ceiling::int AND NOT pending AS is_digest,
           count > :ceiling::int AND (s.newest IS NULL OR :notificationId::uuid > s.newest) AS is_newest
    FROM (
      SELECT *,
             CASE WHEN NOT counted THEN s.count WHEN begins THEN 1 ELSE s.count + 1 END AS count
      FROM (
        SELECT *, counted AND rolled AND NOT pending AND (quiet OR s.in_window <= :ceiling::int) AS begins
        FROM (
        SELECT s.carrier IS DISTINCT FROM :notificationId::uuid AND s.newest IS DISTINCT FROM :notificationId::uuid AS counted,
               s.waiting AND s.due > now() - interval '${OVERDUE_S} seconds' AS pending,
               s.window_start <= now() - :windowSeconds::int * interval '1 second' AS rolled,
               s.window_start <= now() - 2 * :windowSeconds::int * interval '1 second' AS quiet
        ) known
      ) ended
    ) numbered
  ) next
)
RETURNING s.count, s.began, s.carrier = :notificationId::uuid AS is_digest,
          greatest(0, extract(epoch FROM s.due - now()) * 1000)::int AS due_in_ms`,
);

interface PlaceRow {
  readonly count: number;
  readonly began: string;
  readonly is_digest: boolean | null;
  readonly due_in_ms: number;
}

/** Counts a push towards its conversation's ceiling and decides how it is sent. */
export async function placeInBurst(
  sql: pg.Pool,
  push: CountedPush,
  limits: BurstLimits,
): Promise<BurstPlace> {
  const [row] = await PLACE.rows(sql, { ...push, options: JSON.stringify(push.options), ...limits });
  if (!row) throw new Error('The upsert of a burst returned no row.');
  const { count, began, is_digest: isDigest, due_in_ms: dueInMs } = row;
  const { ceiling } = limits;
  if (count <= ceiling) return { place: 'alone', began };
  if (isDigest !== true) return { place: 'collapsed' };
  return { place: 'digest', dueInMs, count, silent: count > ceiling + 1, began };
}

// From here on this digest push covers no further push. It is out of date once the next one is due, so that a late
// attempt never replaces a newer message.
const CLAIM_DIGEST = prepared<'appId' | 'uid' | 'conversationId' | 'notificationId' | 'began', BurstRow>(
  'ledger.claim_digest',
  `
UPDATE conversation_storm
SET waiting = waiting AND carrier IS DISTINCT FROM :notificationId::uuid,
    told_from = CASE WHEN carrier = :notificationId::uuid THEN coalesce(:began::uuid, told_from) ELSE told_from END
WHERE app_id = :appId AND uid = :uid AND conversation_id = :conversationId
RETURNING carrier = :notificationId::uuid OR (previous_carrier = :notificationId::uuid AND due > now()) AS is_digest,
          told AS count, content, options`,
);

const COLLAPSE = statement<'id' | 'attempt'>(`
WITH collapsed AS (
  UPDATE delivery SET status = 'skipped', reason = 'collapsed', attempts = attempts - 1, claimed_until = NULL,
                      settled_at = now()
  WHERE id = :id AND attempts = :attempt AND status = 'queued' RETURNING id
)
DELETE FROM attempt WHERE delivery_id = :id AND delivery_id IN (SELECT id FROM collapsed) AND attempt = :attempt`);

interface BurstRow {
  readonly is_digest: boolean | null;
  readonly count: number;
  readonly content: string;
  readonly options: DeliveryOptions;
}

/** Fills a claimed digest push with the newest message and the count, or undoes the claim if a later one is due. */
export async function buildDigest(
  sql: pg.Pool,
  delivery: ClaimedDelivery,
  burst: BurstOptions,
): Promise<Claim> {
  const { appId, uid, notificationId } = delivery;
  const { conversationId, began = null } = burst;
  const [row] = await CLAIM_DIGEST.rows(sql, { appId, uid, conversationId, notificationId, began });
  if (row === undefined) return { state: 'claimed', delivery };
  if (row.is_digest !== true) {
    await COLLAPSE.run(sql, { id: delivery.id, attempt: delivery.attempt });
    return { state: 'collapsed' };
  }
  const content = JSON.parse(row.content) as unknown;
  const options = { ...row.options, storm: { ...burst, count: row.count } };
  return { state: 'claimed', delivery: { ...delivery, content, options } };
}

const IS_IN_DIGEST = prepared<'appId' | 'uid' | 'conversationId' | 'began'>(
  'ledger.is_in_digest',
  `
SELECT 1 FROM conversation_storm
WHERE app_id = :appId AND uid = :uid AND conversation_id = :conversationId AND told_from = :began::uuid`,
);

/**
 * Undoes the claim of a single push that a digest push has covered since: sent now, because its first attempt was late
 * or failed, it would replace a newer message.
 */
export async function unlessTold(
  sql: pg.Pool,
  delivery: ClaimedDelivery,
  { conversationId, began }: CountedIn,
): Promise<Claim> {
  const { appId, uid } = delivery;
  const covered = await IS_IN_DIGEST.run(sql, { appId, uid, conversationId, began });
  if (covered === 0) return { state: 'claimed', delivery };
  await COLLAPSE.run(sql, { id: delivery.id, attempt: delivery.attempt });
  return { state: 'collapsed' };
}

const LEAVE = statement<'deliveryId'>(`
UPDATE conversation_storm s SET waiting = false
FROM delivery d JOIN notification n ON n.id = d.notification_id
WHERE d.id = :deliveryId AND d.status = 'queued'
  AND s.app_id = n.app_id AND s.uid = n.uid AND s.conversation_id = d.options->'storm'->>'conversationId'
  AND s.carrier = d.notification_id AND s.waiting
  AND NOT EXISTS (SELECT 1 FROM delivery o
                  WHERE o.notification_id = d.notification_id AND o.id <> d.id AND o.status = 'queued')`);

/** Stops a digest push from covering further pushes if this is its last delivery, which is not sent. */
export async function leaveBurst(sql: pg.Pool, deliveryId: string): Promise<void> {
  await LEAVE.run(sql, { deliveryId });
}
