import type pg from 'pg';
import type { DeliveryStatus } from '../../domain/notification.js';
import { columns } from '../../platform/database/columns.js';
import { statement } from '../../platform/database/statement.js';
import { firstIdAt } from '../../platform/ids/new-id.js';
import type { SearchFilter, UserKey } from '../notification-filter.js';
import { beforeDeliveriesOf } from './span-of.js';

// Reads the ledger newest first in steps of a limited number of rows. The statements are planned for their values, so
// that a condition on an unset part of the filter costs nothing.

/** The rows that a scan reads, each by an index that has them in order. */
export type Road =
  | { readonly by: 'time' }
  | { readonly by: 'user'; readonly users: readonly UserKey[] }
  | {
      readonly by: 'status';
      readonly states: readonly { readonly appId: string; readonly status: DeliveryStatus }[];
    }
  | { readonly by: 'id'; readonly ids: readonly string[] }
  | { readonly by: 'replay'; readonly replayId: string }
  | { readonly by: 'duplicate' };

/** Bounds of notification ids. */
export interface IdRange {
  readonly first: string;
  /** Exclusive. */
  readonly before: string;
}

export interface Step {
  /** Matching notifications, newest first. */
  readonly ids: readonly string[];
  /** Rows read. */
  readonly count: number;
  /** The oldest row read; null without any. */
  readonly last: string | null;
  /** When the last of them was planned; null if unknown. */
  readonly plannedBy: Date | null;
}

type FilterParam =
  | 'appIds'
  | 'uid'
  | 'uidPrefix'
  | 'exceptUsers'
  | 'channel'
  | 'kind'
  | 'source'
  | 'status'
  | 'slowerThanMs'
  | 'hasDuplicate'
  | 'replayId'
  | 'text'
  | 'smsText';
type StepParam = FilterParam | keyof IdRange | 'step';

/** Neither part can occur inside a string of the JSON, which escapes quotes. */
const HAS_TEXT = `(:text::text IS NULL OR strpos(content, :text) > 0
    OR channel = 'sms' AND strpos(content, :smsText::text) > 0)`;
const COLUMNS = `id, app_id, uid, channel, kind, source, status, planned_at, received_at, settled_at, ${HAS_TEXT} AS has_text`;
const IN_RANGE = 'id >= :first AND id < :before';
const NEWEST_FIRST = 'ORDER BY id DESC LIMIT :step';

const stepOf = <Param extends string = never>(rows: string) =>
  statement<StepParam | Param, Step>(`
WITH scanned AS MATERIALIZED (${rows}
)
SELECT ARRAY(
         SELECT id FROM scanned
         WHERE has_text AND (:appIds::text[] IS NULL OR app_id = ANY(:appIds))
           AND (:uid::text IS NULL OR uid = :uid)
           AND (:uidPrefix::text IS NULL OR starts_with(uid, :uidPrefix))
           AND (:exceptUsers::text[] IS NULL OR app_id || ' ' || uid <> ALL(:exceptUsers))
           AND (:channel::text IS NULL OR channel = :channel) AND (:kind::text IS NULL OR kind = :kind)
           AND (:source::text IS NULL OR source = :source) AND (:status::text IS NULL OR status = :status)
           AND (:slowerThanMs::int IS NULL
             OR coalesce(settled_at, now()) - received_at > :slowerThanMs * interval '1 millisecond')
           AND (:hasDuplicate::bool IS NULL
             OR EXISTS (SELECT FROM notification_duplicate WHERE notification_id = scanned.id) = :hasDuplicate)
           AND (:replayId::uuid IS NULL
             OR EXISTS (SELECT FROM replay_item WHERE replay_id = :replayId AND copy_id = scanned.id))
         ORDER BY id DESC
       ) AS ids,
       (SELECT count(*)::int FROM scanned) AS count, (SELECT id FROM scanned ORDER BY id LIMIT 1) AS last,
       (SELECT CASE WHEN count(*) = count(planned_at) THEN max(planned_at) END FROM scanned) AS "plannedBy"`);

const BY_TIME = stepOf(`
  SELECT ${COLUMNS} FROM notification WHERE ${IN_RANGE} ${NEWEST_FIRST}`);
const BY_USER = stepOf<'userApps' | 'uids'>(`
  SELECT n.* FROM unnest(:userApps::text[], :uids::text[]) AS u(app_id, uid)
  CROSS JOIN LATERAL (
    SELECT ${COLUMNS} FROM notification WHERE app_id = u.app_id AND uid = u.uid AND ${IN_RANGE} ${NEWEST_FIRST}
  ) n
  ${NEWEST_FIRST}`);
// One query for each state: how rare a state is decides which index is the right one.
const byStatus = (count: number) =>
  stepOf<`app${number}` | `status${number}`>(`
  SELECT * FROM (${Array.from(
    { length: count },
    (_, at) => `(
    SELECT ${COLUMNS} FROM notification
    WHERE app_id = :app${at} AND notification.status = :status${at} AND ${IN_RANGE} ${NEWEST_FIRST})`,
  ).join(' UNION ALL ')}
  ) n
  ${NEWEST_FIRST}`);
const BY_ID = stepOf<'ids'>(`
  SELECT ${COLUMNS} FROM notification WHERE id = ANY(:ids::uuid[]) AND ${IN_RANGE} ${NEWEST_FIRST}`);

// The limit in the joined query keeps the planner from reading notifications that the index does not name.
const among = (ids: string): string => `
  SELECT n.* FROM (${ids}) AS named
  CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM notification WHERE id = named.id LIMIT 1) n
  ORDER BY named.id DESC LIMIT :step`;
const BY_REPLAY = stepOf<'ofReplay'>(
  among(`
    SELECT copy_id AS id FROM replay_item WHERE replay_id = :ofReplay::uuid AND copy_id >= :first AND copy_id < :before`),
);
const BY_DUPLICATE = stepOf(
  among(`
    SELECT notification_id AS id FROM notification_duplicate
    WHERE notification_id >= :first AND notification_id < :before`),
);

/** The newest `step` rows of a road within the range, and those that match as far as notifications tell. */
export async function scanStep(
  sql: pg.Pool,
  road: Road,
  filter: SearchFilter,
  range: IdRange,
  step: number,
): Promise<Step> {
  const params = { ...paramsOf(filter), ...range, step };
  const rows = await rowsOf(sql, road, params);
  return rows[0] ?? { ids: [], count: 0, last: null, plannedBy: null };
}

function rowsOf(sql: pg.Pool, road: Road, params: Record<StepParam, unknown>): Promise<Step[]> {
  switch (road.by) {
    case 'time':
      return BY_TIME.rows(sql, params);
    case 'user': {
      const { appId, uid } = columns(road.users, 'appId', 'uid');
      return BY_USER.rows(sql, { ...params, userApps: appId, uids: uid });
    }
    case 'status': {
      const named: Record<StepParam | `app${number}` | `status${number}`, unknown> = { ...params };
      for (const [at, { appId, status }] of road.states.entries()) {
        named[`app${at}`] = appId;
        named[`status${at}`] = status;
      }
      return byStatus(road.states.length).rows(sql, named);
    }
    case 'id':
      return BY_ID.rows(sql, { ...params, ids: road.ids });
    case 'replay':
      return BY_REPLAY.rows(sql, { ...params, ofReplay: road.replayId });
    case 'duplicate':
      return BY_DUPLICATE.rows(sql, params);
  }
}

function paramsOf(filter: SearchFilter): Record<FilterParam, unknown> {
  const { appIds = null, uid = null, uidPrefix = null, channel = null, kind = null } = filter;
  const { source = null, status = null, slowerThanMs = null } = filter;
  const { hasDuplicate = null, replayId = null } = filter;
  // No part of a key contains white space.
  const exceptUsers = filter.exceptUsers?.map(({ appId, uid: own }) => `${appId} ${own}`) ?? null;
  return {
    appIds,
    uid,
    uidPrefix,
    exceptUsers,
    channel,
    kind,
    source,
    status,
    slowerThanMs,
    hasDuplicate,
    replayId,
    ...textsOf(filter),
  };
}

/** Parts of the JSON that the content must contain. */
function textsOf({ tag, sessionId }: SearchFilter): Record<'text' | 'smsText', string | null> {
  if (tag !== undefined)
    return { text: `"tag":${JSON.stringify(tag)}`, smsText: `"id":${JSON.stringify(tag)}` };
  if (sessionId !== undefined) return { text: `"sessionId":${JSON.stringify(sessionId)}`, smsText: null };
  return { text: null, smsText: null };
}

type DeliveryParam = 'reason' | 'provider' | 'outcome' | 'vendorId' | 'phnos' | 'phnoTexts';

const AN_ATTEMPT =
  'SELECT FROM attempt a WHERE a.delivery_id = d.id AND a.delivery_id > :first AND a.delivery_id < :last';
/** An SMS without an address: skipped before it got one. */
const UNADDRESSED = `d.address IS NULL AND (d.kind = 'sms' OR d.kind IS NULL) AND EXISTS (
    SELECT FROM notification n LEFT JOIN contact c ON c.app_id = n.app_id AND c.uid = n.uid
    WHERE n.id = d.notification_id AND (n.channel = 'sms' OR d.kind = 'sms')
      AND (c.phno = ANY(:phnos) OR EXISTS (SELECT FROM unnest(:phnoTexts::text[]) AS t(text) WHERE strpos(n.content, t.text) > 0)))`;

const BY_DELIVERY = statement<DeliveryParam | 'ids' | 'first' | 'last', { id: string }>(`
SELECT DISTINCT d.notification_id AS id FROM delivery d
WHERE d.notification_id = ANY(:ids::uuid[]) AND d.id > :first AND d.id < :last
  AND (:reason::text IS NULL OR d.reason = :reason)
  AND (:outcome::text IS NULL OR EXISTS (
    ${AN_ATTEMPT} AND a.outcome = :outcome AND (:provider::text IS NULL OR a.provider = :provider)))
  AND (:provider::text IS NULL OR :outcome::text IS NOT NULL OR d.provider = :provider OR EXISTS (
    ${AN_ATTEMPT} AND a.provider = :provider))
  AND (:vendorId::text IS NULL OR EXISTS (
    ${AN_ATTEMPT} AND (a.vendor_message_id = :vendorId OR a.vendor_trace_id = :vendorId)))
  AND (:phnos::text[] IS NULL OR d.address->>'phno' = ANY(:phnos) OR ${UNADDRESSED})`);

/** Above all ids. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const MS_PER_DAY = 86_400_000;

/** Whether the filter has a part that only deliveries and attempts tell. */
export const asksDeliveries = ({ reason, provider, outcome, vendorId, phnos }: SearchFilter): boolean =>
  [reason, provider, outcome, vendorId, phnos].some((part) => part !== undefined);

/** Whether it has a part that only attempts tell. */
export const asksAttempts = ({ provider, outcome, vendorId }: SearchFilter): boolean =>
  [provider, outcome, vendorId].some((part) => part !== undefined);

/** Those of a step's notifications that match as far as their deliveries tell, newest first. */
export async function matchDeliveries(
  sql: pg.Pool,
  { ids, plannedBy }: Step,
  filter: SearchFilter,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const { reason = null, provider = null, outcome = null, vendorId = null, phnos = null } = filter;
  const params = { reason, provider, outcome, vendorId, phnos };
  const phnoTexts = phnos?.map((phno) => JSON.stringify(phno)) ?? [];
  // Deliveries get their ids when they are planned, or just after the delivery that they replace.
  const last = plannedBy ? firstIdAt(new Date(plannedBy.getTime() + MS_PER_DAY)) : LAST_ID;
  const first = beforeDeliveriesOf(ids);
  const rows = await BY_DELIVERY.rows(sql, { ...params, phnoTexts, ids, first, last });
  const found = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => found.has(id));
}
