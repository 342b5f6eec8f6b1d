import type pg from 'pg';
import { statement } from '../../platform/database/statement.js';
import { beforeDeliveriesOf } from '../sql/span-of.js';
import { CURRENT_DEVICE } from '../sql/current-device.sql.js';
import type { FailedDelivery, ReplayCandidate, ReplayFilter, ReplaySpan } from './replay-records.js';

// Reads devices and read receipts, whose tables belong to `recipients`, and opt-outs, which belong to `channels/sms`.

interface Position {
  readonly after: string;
  readonly before: string;
}

interface SpanRow {
  readonly last: string | null;
  readonly rows: number;
}

/** Limits the rows that are examined, of any app, whichever of them match. */
const SPAN = statement<keyof Position | 'limit', SpanRow>(`
SELECT max(id::text) AS last, count(*)::int AS rows FROM (
  SELECT id FROM notification WHERE id > :after AND id < :before ORDER BY id LIMIT :limit) AS part`);

const SPAN_OF_USER = statement<keyof Position | 'limit' | 'appId' | 'uid', SpanRow>(`
SELECT max(id::text) AS last, count(*)::int AS rows FROM (
  SELECT id FROM notification WHERE app_id = :appId AND uid = :uid AND id > :after AND id < :before
  ORDER BY id LIMIT :limit) AS part`);

/** The next part of the ledger, of at most `limit` notifications. @returns null if there is none. */
export async function nextSpan(
  sql: pg.Pool,
  { appId, uid }: ReplayFilter,
  position: Position,
  limit: number,
): Promise<(ReplaySpan & { readonly isLast: boolean }) | null> {
  const [found] =
    uid === undefined
      ? await SPAN.rows(sql, { ...position, limit })
      : await SPAN_OF_USER.rows(sql, { ...position, limit, appId, uid });
  if (!found || found.last === null) return null;
  return { after: position.after, upTo: found.last, isLast: found.rows < limit };
}

type FailedParameter =
  | keyof ReplaySpan
  | 'appId'
  | 'uid'
  | 'channel'
  | 'statuses'
  | 'reasons'
  | 'providers'
  | 'firstDelivery'
  | 'replayId';

interface FailedRow
  extends
    Omit<FailedDelivery, 'isOptedOut' | 'costMicros'>,
    Omit<ReplayCandidate, 'id' | 'kind' | 'deliveries' | 'isResent'> {
  readonly notificationId: string;
  readonly notificationKind: ReplayCandidate['kind'];
  readonly lastCopyId: string | null;
  readonly isOptedOut: boolean | null;
  readonly costMicros: string | null;
}

/**
 * A copy that is not in the ledger yet is under way. OFFSET keeps PostgreSQL from reading all deliveries instead of those
 * of each notification.
 */
const FAILED = statement<FailedParameter, FailedRow>(`
SELECT n.id AS "notificationId", n.uid, n.channel, n.kind AS "notificationKind", n.source, n.status,
       d.id, d.kind, d.reason, d.device_id IS NOT NULL AS "hadDevice", v.id AS "deviceId", d.expires_at AS "expiresAt",
       d.expires_at <= now() AS "isExpired", d.segments, d.cost_micros::text AS "costMicros", d.currency,
       v.id IS NOT NULL AND EXISTS (
         SELECT FROM delivery o WHERE o.notification_id = n.id AND o.id > :firstDelivery
           AND o.device_id IN (d.device_id, v.id) AND o.status IN ('queued', 'sent', 'delivered')) AS "isCovered",
       d.kind = 'sms' AND EXISTS (
         SELECT FROM opt_out p WHERE p.app_id = n.app_id AND p.phno = d.address->>'phno' AND p.opted_out)
         AS "isOptedOut",
       EXISTS (SELECT FROM seen_message s WHERE s.app_id = n.app_id AND s.uid = n.uid) AS "mayBeSeen",
       (SELECT i.copy_id FROM replay_item i WHERE i.replay_id = :replayId AND i.notification_id = n.id) AS "copyId",
       coalesce(last.round + 1, 0) AS rounds, last.copy_id AS "lastCopyId",
       last.copy_id IS NOT NULL AND coalesce((SELECT c.status NOT IN ('failed', 'expired') FROM notification c
                                              WHERE c.id = last.copy_id), true) AS "isReplayed"
FROM notification n
JOIN LATERAL (
  SELECT * FROM delivery
  WHERE notification_id = n.id AND id > :firstDelivery AND status = ANY(:statuses::text[])
    AND reason = ANY(:reasons::text[]) AND (:providers::text[] IS NULL OR provider = ANY(:providers::text[]))
  OFFSET 0
) d ON true
LEFT JOIN LATERAL (${CURRENT_DEVICE}) v ON d.device_id IS NOT NULL
LEFT JOIN LATERAL (
  SELECT i.round, i.copy_id FROM replay_item i WHERE i.notification_id = n.id ORDER BY i.round DESC LIMIT 1
) last ON true
WHERE n.id > :after AND n.id <= :upTo AND n.app_id = :appId AND (:uid::text IS NULL OR n.uid = :uid)
  AND (:channel::text IS NULL OR n.channel = :channel) AND n.source IS DISTINCT FROM 'replay'
ORDER BY n.id, d.id`);

/** For each user, reads their notifications since the first of theirs in the span once. */
const RESENT = statement<'appId' | 'uids' | 'first' | 'origins', { origin_id: string }>(`
SELECT DISTINCT c.origin_id FROM unnest(:uids::text[]) AS u(uid)
JOIN notification c ON c.app_id = :appId AND c.uid = u.uid AND c.id > :first
  AND c.source = 'resend' AND c.origin_id = ANY(:origins::uuid[])`);

/**
 * The notifications of a span with deliveries that the filter matches, in order of id. Copies made by replays are not
 * among them: the original stands for them.
 *
 * @param replayId the replay that asks; unset: none.
 */
export async function failedIn(
  sql: pg.Pool,
  filter: ReplayFilter,
  span: ReplaySpan,
  replayId: string | undefined,
): Promise<ReplayCandidate[]> {
  const { appId, uid, channel, statuses, reasons, providers } = filter;
  const rows = await FAILED.rows(sql, {
    ...{ after: span.after, upTo: span.upTo, appId, statuses, reasons },
    uid: uid ?? null,
    channel: channel ?? null,
    providers: providers ?? null,
    firstDelivery: beforeDeliveriesOf([span.after]),
    replayId: replayId ?? null,
  });
  const resent = await resentAmong(sql, appId, rows);
  const byId = new Map<string, FailedRow[]>();
  for (const row of rows) byId.set(row.notificationId, [...(byId.get(row.notificationId) ?? []), row]);
  return [...byId.values()].flatMap(([first, ...others]) =>
    first ? [toCandidate(first, [first, ...others], resent)] : [],
  );
}

async function resentAmong(
  sql: pg.Pool,
  appId: string,
  rows: readonly FailedRow[],
): Promise<ReadonlySet<string>> {
  const [first] = rows;
  if (!first) return new Set();
  const uids = [...new Set(rows.map(({ uid }) => uid))];
  const origins = rows.flatMap(({ notificationId, lastCopyId }) => [
    notificationId,
    lastCopyId ?? notificationId,
  ]);
  const found = await RESENT.rows(sql, {
    appId,
    uids,
    first: first.notificationId,
    origins: [...new Set(origins)],
  });
  return new Set(found.map(({ origin_id }) => origin_id));
}

function toCandidate(
  first: FailedRow,
  rows: readonly FailedRow[],
  resent: ReadonlySet<string>,
): ReplayCandidate {
  const { notificationId: id, notificationKind: kind, lastCopyId } = first;
  const { uid, channel, source, status, copyId, rounds, isReplayed, mayBeSeen } = first;
  return {
    ...{ id, uid, channel, kind, source, status, copyId, rounds, isReplayed, mayBeSeen },
    isResent: resent.has(id) || (lastCopyId !== null && resent.has(lastCopyId)),
    deliveries: rows.map(toDelivery),
  };
}

function toDelivery(row: FailedRow): FailedDelivery {
  const { id, kind, reason, hadDevice, deviceId, isCovered, isExpired, expiresAt, isOptedOut } = row;
  const { segments, costMicros, currency } = row;
  return {
    ...{ id, kind, reason, hadDevice, deviceId, isCovered, isExpired, expiresAt, segments, currency },
    isOptedOut: isOptedOut ?? false,
    costMicros: costMicros === null ? null : BigInt(costMicros),
  };
}
