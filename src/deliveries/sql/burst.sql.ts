import type pg from 'pg';
import type { ClaimedDelivery, CountedIn, DeliveryOptions, BurstOptions } from '../../domain/delivery.js';
import { prepared, statement } from '../../platform/database/statement.js';
import type { Claim } from '../records.js';

/** One push of a conversation, as it is about to be planned. */
export interface CountedPush {
  readonly notificationId: string;
  readonly appId: string;
  readonly uid: string;
  readonly conversationId: string;
  /** The webhook's `data` as JSON text. */
  readonly content: string;
  readonly options: DeliveryOptions;
  /** It may not be sent before that. */
  readonly notBefore: Date;
}

export interface BurstLimits {
  readonly ceiling: number;
  readonly windowSeconds: number;
  readonly collapseSeconds: number;
}

/** What becomes of a push. */
export type BurstPlace =
  /** There is no storm: it goes out as it is. */
  | { readonly place: 'alone'; readonly began: string }
  /** It carries the storm: it goes out at its turn, and tells of whatever has come until then. */
  | {
      readonly place: 'carrier';
      readonly dueInMs: number;
      readonly count: number;
      readonly silent: boolean;
      readonly began: string;
    }
  /** A carrier is waiting that tells of it. */
  | { readonly place: 'collapsed' };

/** A carrier waits that long at least: those under the ceiling are out by then, and a burst goes into one push. */
const SETTLE_S = 1;
/** A carrier that is so much overdue may never come (its provider is away): the next message carries instead. */
const OVERDUE_S = 60;

// One statement, so that the row's lock orders everything: a push either goes along with a carrier that has not been
// claimed, which will then tell of it, or becomes the next carrier. The clock is the database's alone.
//
// A storm goes on while each window has more than the ceiling, and ends with a window that has not. The push that was
// counted last, or that carries, is not counted again when its plan is run again; one that was counted before others
// is, so that a process that dies between this and the plan makes a storm too large by one, and never too small.
const PLACE = prepared<keyof CountedPush | keyof BurstLimits, PlaceRow>(
  'ledger.place_in_storm',
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
    CASE WHEN next.carries THEN :notificationId::uuid ELSE s.carrier END,
    CASE WHEN next.carries THEN s.carrier ELSE s.previous_carrier END,
    s.waiting OR next.carries,
    CASE WHEN next.carries THEN greatest(now() + interval '${SETTLE_S} seconds', :notBefore::timestamptz,
                                         s.due + :collapseSeconds::int * interval '1 second') ELSE s.due END,
    CASE WHEN next.is_newest THEN :notificationId::uuid ELSE s.newest END,
    CASE WHEN next.is_newest THEN :content::text ELSE s.content END,
    CASE WHEN next.is_newest THEN :options::jsonb ELSE s.options END,
    now()
  FROM (
    SELECT *,
           counted AND count > :ceiling::int AND NOT pending AS carries,
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
RETURNING s.count, s.began, s.carrier = :notificationId::uuid AS carries,
          greatest(0, extract(epoch FROM s.due - now()) * 1000)::int AS due_in_ms`,
);

interface PlaceRow {
  readonly count: number;
  readonly began: string;
  readonly carries: boolean | null;
  readonly due_in_ms: number;
}

/** Counts a push for the ceiling of its conversation, and says what is to become of it. */
export async function placeInBurst(
  sql: pg.Pool,
  push: CountedPush,
  limits: BurstLimits,
): Promise<BurstPlace> {
  const [row] = await PLACE.rows(sql, { ...push, options: JSON.stringify(push.options), ...limits });
  if (!row) throw new Error('The upsert of a storm returned no row.');
  const { count, began, carries, due_in_ms: dueInMs } = row;
  const { ceiling } = limits;
  if (count <= ceiling) return { place: 'alone', began };
  if (carries !== true) return { place: 'collapsed' };
  return { place: 'carrier', dueInMs, count, silent: count > ceiling + 1, began };
}

// From here on nobody goes along with this carrier any more. It is out of date as soon as the next one's turn has
// come, so that a try that comes late never takes the place of what is newer.
const CARRY = prepared<'appId' | 'uid' | 'conversationId' | 'notificationId' | 'began', BurstRow>(
  'ledger.carry_storm',
  `
UPDATE conversation_storm
SET waiting = waiting AND carrier IS DISTINCT FROM :notificationId::uuid,
    told_from = CASE WHEN carrier = :notificationId::uuid THEN coalesce(:began::uuid, told_from) ELSE told_from END
WHERE app_id = :appId AND uid = :uid AND conversation_id = :conversationId
RETURNING carrier = :notificationId::uuid OR (previous_carrier = :notificationId::uuid AND due > now()) AS carries,
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
  readonly carries: boolean | null;
  readonly count: number;
  readonly content: string;
  readonly options: DeliveryOptions;
}

/** Gives a claimed carrier what it is to tell; or undoes the claim, where a later carrier's turn has come. */
export async function buildDigest(
  sql: pg.Pool,
  delivery: ClaimedDelivery,
  storm: BurstOptions,
): Promise<Claim> {
  const { appId, uid, notificationId } = delivery;
  const { conversationId, began = null } = storm;
  const [row] = await CARRY.rows(sql, { appId, uid, conversationId, notificationId, began });
  if (row === undefined) return { state: 'claimed', delivery };
  if (row.carries !== true) {
    await COLLAPSE.run(sql, { id: delivery.id, attempt: delivery.attempt });
    return { state: 'collapsed' };
  }
  const content = JSON.parse(row.content) as unknown;
  const options = { ...row.options, storm: { ...storm, count: row.count } };
  return { state: 'claimed', delivery: { ...delivery, content, options } };
}

const IS_TOLD = prepared<'appId' | 'uid' | 'conversationId' | 'began'>(
  'ledger.is_told',
  `
SELECT 1 FROM conversation_storm
WHERE app_id = :appId AND uid = :uid AND conversation_id = :conversationId AND told_from = :began::uuid`,
);

/**
 * Undoes the claim of a push of its own that a carrier has told of meanwhile: sent now, because its first attempt was
 * late or failed, it would replace what is newer.
 */
export async function unlessTold(
  sql: pg.Pool,
  delivery: ClaimedDelivery,
  { conversationId, began }: CountedIn,
): Promise<Claim> {
  const { appId, uid } = delivery;
  const told = await IS_TOLD.run(sql, { appId, uid, conversationId, began });
  if (told === 0) return { state: 'claimed', delivery };
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

/** Nobody gets the carrier that this delivery would have been the last of: what comes next is not left to it. */
export async function leaveBurst(sql: pg.Pool, deliveryId: string): Promise<void> {
  await LEAVE.run(sql, { deliveryId });
}
