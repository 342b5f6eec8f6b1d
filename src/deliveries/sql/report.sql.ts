import type pg from 'pg';
import type { SmsPlan } from '../../domain/delivery.js';
import { columns } from '../../platform/database/columns.js';
import { statement } from '../../platform/database/statement.js';
import { inTransaction } from '../../platform/database/transaction.js';
import { successorIdOf } from '../../platform/ids/new-id.js';
import { nextRoute } from '../next-route.js';
import { applyReport, type AttemptState, type DeliveryState, type ReportFacts } from '../report-rules.js';
import type { AppliedReport, MessageLink, ReceivedReport } from '../records.js';
import { linkedIds, referredAttempts } from './report-match.sql.js';
import { withAllParts } from './report-parts.sql.js';
import { rowKey, storable, writeReportRows, type ReportRow } from './report-rows.sql.js';
import { settle } from './settle.sql.js';
import { spanOf } from './span-of.js';
import { succeedFailed, type Succession } from './sms-successor.sql.js';

// Delivery reports and our own records come in any order, from any process. Both write the same row of sms_receipt, so
// that the second one finds the data of the first. Rows of sms_receipt are locked first, then deliveries, then attempts,
// each sorted by key so that concurrent batches cannot deadlock.

export interface AttemptKey {
  readonly deliveryId: string;
  readonly attempt: number;
}

/** A delivery report on an attempt that is on record. */
export type AttemptReport = ReportFacts &
  AttemptKey &
  Pick<ReportRow, 'vendorMessageId' | 'vendorCode' | 'at'> &
  Partial<Pick<ReportRow, 'appId' | 'provider' | 'partIds'>>;

interface DeliveryRow extends DeliveryState {
  readonly id: string;
  readonly notificationId: string;
  readonly phno: string | null;
  /** Null if planned by an earlier version, or if it is not an SMS. */
  readonly plan: SmsPlan | null;
}

interface AttemptRow extends AttemptState {
  readonly deliveryId: string;
  readonly provider: string;
  readonly startedAt: Date;
}

/** A report that adds to what was known of its attempt. */
interface News {
  readonly report: AttemptReport;
  readonly after: AttemptState;
}

/** A delivery before and after a batch of reports. */
interface Affected {
  readonly before: DeliveryRow;
  readonly delivery: DeliveryRow;
  readonly attempts: readonly AttemptRow[];
}

const LOCK_DELIVERIES = statement<'ids' | 'first' | 'last', DeliveryRow>(`
SELECT id, notification_id AS "notificationId", status, reason, attempts, address->>'phno' AS phno,
       coalesce(claimed_until > now(), false) AS "isClaimed", options->'sms' AS plan
FROM delivery WHERE id = ANY(:ids::uuid[]) AND id BETWEEN :first AND :last ORDER BY id FOR UPDATE`);

const READ_ATTEMPTS = statement<'ids' | 'first' | 'last', AttemptRow>(`
SELECT delivery_id AS "deliveryId", attempt, provider, outcome, receipt_status AS "receiptStatus", started_at AS "startedAt"
FROM attempt WHERE delivery_id = ANY(:ids::uuid[]) AND delivery_id BETWEEN :first AND :last`);

const WRITE_ATTEMPTS = statement<
  keyof AttemptKey | 'outcome' | 'vendorMessageId' | 'receiptStatus' | 'vendorCode' | 'at' | 'first' | 'last'
>(`
UPDATE attempt a
SET outcome = w.outcome, vendor_message_id = coalesce(a.vendor_message_id, w.vendor_message_id),
    receipt_status = w.receipt_status, receipt_code = w.vendor_code, receipt_at = w.at
FROM unnest(:deliveryId::uuid[], :attempt::int[], :outcome::text[], :vendorMessageId::text[], :receiptStatus::text[],
            :vendorCode::text[], :at::timestamptz[])
  AS w(delivery_id, attempt, outcome, vendor_message_id, receipt_status, vendor_code, at)
WHERE a.delivery_id = w.delivery_id AND a.attempt = w.attempt
  AND a.delivery_id = ANY(:deliveryId::uuid[]) AND a.delivery_id BETWEEN :first AND :last`);

const WRITE_DELIVERIES = statement<'id' | 'status' | 'reason' | 'first' | 'last'>(`
UPDATE delivery d
SET status = w.status, reason = w.reason, claimed_until = NULL, settled_at = coalesce(d.settled_at, now())
FROM unnest(:id::uuid[], :status::text[], :reason::text[]) AS w(id, status, reason)
WHERE d.id = w.id AND d.id = ANY(:id::uuid[]) AND d.id BETWEEN :first AND :last`);

const REPEATED = statement<keyof AttemptKey, AttemptReport>(`
SELECT a.delivery_id AS "deliveryId", a.attempt, a.vendor_message_id AS "vendorMessageId",
       a.receipt_status AS status, s.reason, a.receipt_code AS "vendorCode", a.receipt_at AS at
FROM unnest(:deliveryId::uuid[], :attempt::int[]) AS k(delivery_id, attempt)
JOIN attempt a ON a.delivery_id = k.delivery_id AND a.attempt = k.attempt
JOIN delivery d ON d.id = a.delivery_id JOIN notification n ON n.id = d.notification_id
LEFT JOIN sms_receipt s ON s.app_id = n.app_id AND s.provider = a.provider
                       AND s.vendor_message_id = a.vendor_message_id AND s.delivery_id = a.delivery_id
WHERE a.receipt_status IS NOT NULL`);

/** Stores the vendors' message ids of SMS attempts, and applies reports that arrived earlier. */
export async function linkMessages(sql: pg.Pool, links: readonly MessageLink[]): Promise<undefined[]> {
  const unreported = { status: null, reason: null, vendorCode: null, at: null };
  const rowsOf = ({ vendorMessageId, partIds = [], ...link }: MessageLink): ReportRow[] => {
    const ids = [...new Set([vendorMessageId, ...partIds].map(storable))];
    const parts = ids.length > 1 ? ids : null;
    return ids.map((id) => ({ ...link, ...unreported, vendorMessageId: id, partIds: parts }));
  };
  await change(sql, async (client) => {
    const rows = await writeReportRows(client, links.flatMap(rowsOf));
    return apply(client, [...rows.values()].flatMap(toAttemptReport));
  });
  return links.map(() => undefined);
}

/**
 * Stores delivery reports, and applies those whose SMS are known.
 *
 * @returns the effect of each on its delivery; undefined while its SMS is unknown.
 */
export async function applyReports(
  sql: pg.Pool,
  received: readonly ReceivedReport[],
): Promise<(AppliedReport | undefined)[]> {
  let rowsOf: readonly (ReportRow | undefined)[] = [];
  const affected = await change(sql, async (client) => {
    const entries = await entriesOf(client, received);
    const rows = await writeReportRows(client, entries.flat());
    rowsOf = entries.map((own) =>
      own.map((entry) => rows.get(rowKey(entry))).find((row) => row !== undefined && row.deliveryId !== null),
    );
    return apply(
      client,
      [...new Set(rowsOf)].flatMap((row) => (row ? toAttemptReport(row) : [])),
    );
  });
  return received.map(({ report }, index) => {
    const row = rowsOf[index];
    const found = affected.get(row?.deliveryId ?? '');
    const own = found?.attempts.find(({ attempt }) => attempt === row?.attempt);
    if (!found || !own) return undefined;
    const { before, delivery } = found;
    return {
      notificationId: delivery.notificationId,
      deliveryId: delivery.id,
      attempt: own.attempt,
      report,
      phno: delivery.phno,
      sentAt: own.startedAt,
      status: delivery.status,
      changed: delivery.status !== before.status,
    };
  });
}

/** Applies reports that came while their attempts were in progress again, to the deliveries as they are now. */
export async function repeatReports(sql: pg.Pool, attempts: readonly AttemptKey[]): Promise<void> {
  if (attempts.length === 0) return;
  await change(sql, async (client) => {
    return apply(client, await REPEATED.rows(client, columns(attempts, 'deliveryId', 'attempt')));
  });
}

/** Makes the changes of one batch in a transaction, then settles the notifications. */
async function change(
  sql: pg.Pool,
  work: (client: pg.PoolClient) => Promise<ReadonlyMap<string, Affected>>,
): Promise<ReadonlyMap<string, Affected>> {
  const affected = await inTransaction(sql, work);
  // Including unchanged ones: the process that changed them may have ended before settling.
  await settle(
    sql,
    [...affected.values()].map(({ delivery }) => delivery.notificationId),
  );
  return affected;
}

/** The rows of each report: that of its SMS or, while the SMS is unknown, one for each spelling of its id. */
async function entriesOf(
  client: pg.PoolClient,
  received: readonly ReceivedReport[],
): Promise<readonly (readonly ReportRow[])[]> {
  const referred = await referredAttempts(client, received);
  const linked = await linkedIds(client, received);
  return received.map(({ appId, provider, report }, index): ReportRow[] => {
    const { status, reason, vendorCode, at } = report;
    const { deliveryId = null, attempt = null } = referred[index] ?? {};
    const reported = { status, reason, vendorCode, at: at ?? new Date(), partIds: null };
    const entry = { appId, provider, deliveryId, attempt, ...reported };
    const spellings = [...new Set([report.vendorMessageId, ...(report.otherIds ?? [])].map(storable))];
    const known = spellings.filter((id) => linked.has(rowKey({ appId, provider, vendorMessageId: id })));
    const ids = deliveryId === null && known.length === 0 ? spellings : [known[0] ?? spellings[0] ?? ''];
    return ids.map((vendorMessageId) => ({ ...entry, vendorMessageId }));
  });
}

/** @returns the reported deliveries by id, before and after. */
async function apply(
  client: pg.PoolClient,
  given: readonly AttemptReport[],
): Promise<ReadonlyMap<string, Affected>> {
  if (given.length === 0) return new Map();
  const ids = [...new Set(given.map(({ deliveryId }) => deliveryId))];
  const span = spanOf(ids);
  const locked = await LOCK_DELIVERIES.rows(client, { ids, ...span });
  // Read after locking: of two batches that complete one part each, the second sees both.
  const reports = await withAllParts(client, given);
  const attempts = await READ_ATTEMPTS.rows(client, { ids, ...span });
  const affected = new Map<string, Affected>(
    locked.map((row) => {
      const own = attempts.filter(({ deliveryId }) => deliveryId === row.id);
      return [row.id, { before: row, delivery: row, attempts: own }];
    }),
  );
  const news = new Map<string, News>();
  for (const report of reports) {
    const known = affected.get(report.deliveryId);
    const effect = known && applyReport(known.delivery, known.attempts, report);
    if (!effect) continue;
    if (effect.isNews) news.set(`${report.deliveryId} ${report.attempt}`, { report, after: effect.attempt });
    affected.set(report.deliveryId, {
      before: known.before,
      delivery: { ...known.delivery, ...effect.delivery },
      attempts: known.attempts.map((own) =>
        own.attempt === report.attempt ? { ...own, ...effect.attempt } : own,
      ),
    });
  }
  await write(client, [...news.values()], [...affected.values()]);
  return affected;
}

async function write(
  client: pg.PoolClient,
  news: readonly News[],
  affected: readonly Affected[],
): Promise<void> {
  const reports = news.map(({ report }) => report);
  const attempts = news.map(({ after }) => after);
  await WRITE_ATTEMPTS.run(client, {
    ...columns(reports, 'deliveryId', 'attempt', 'vendorMessageId', 'vendorCode', 'at'),
    ...columns(attempts, 'outcome', 'receiptStatus'),
    ...spanOf(reports.map(({ deliveryId }) => deliveryId)),
  });
  const changed = affected
    .filter(({ before, delivery }) => delivery.status !== before.status)
    .map(({ delivery }) => delivery);
  if (changed.length === 0) return;
  await WRITE_DELIVERIES.run(client, {
    ...columns(changed, 'id', 'status', 'reason'),
    ...spanOf(changed.map(({ id }) => id)),
  });
  await succeedFailed(client, affected.flatMap(successionOf));
}

/** The second delivery, through the next vendor if any, of an SMS that a report has made `failed`. */
function successionOf({ before, delivery, attempts }: Affected): Succession[] {
  if (before.status === 'failed' || delivery.status !== 'failed' || !delivery.plan) return [];
  const route = nextRoute(delivery.plan.route, attempts, delivery.reason);
  if (route.length === 0) return [];
  const possibleDouble = attempts.some(({ outcome }) => outcome === 'unknown');
  return [{ deliveryId: delivery.id, successorId: successorIdOf(delivery.id), route, possibleDouble }];
}

function toAttemptReport({ deliveryId, attempt, status, ...rest }: ReportRow): AttemptReport[] {
  return deliveryId === null || attempt === null || status === null
    ? []
    : [{ ...rest, deliveryId, attempt, status }];
}
