import type pg from 'pg';
import { DELIVERY_STATUSES } from '../domain/notification.js';
import { firstIdAt } from '../platform/ids/new-id.js';
import type { SearchFilter } from './notification-filter.js';
import { appIdsInLedger, notificationsOfCall } from './sql/lookup.sql.js';
import {
  asksAttempts,
  asksDeliveries,
  matchDeliveries,
  scanStep,
  type IdRange,
  type Road,
} from './sql/scan.sql.js';

/** Maximum rows that one request looks at. */
export const MAX_SCANNED = 20_000;
/** The same where the attempts of each row are read, which takes several times as long. */
export const MAX_SCANNED_WITH_ATTEMPTS = 8_000;
/** The first step of a scan; each further one is larger, so that frequent matches cost little and rare ones few statements. */
const FIRST_STEP = 250;
const GROWTH = 4;

/** Apps times statuses that one statement reads; with more, it reads all of the ledger. */
const MAX_STATES = 24;

/** Above and below all ids. */
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

export interface Scan {
  /** Matching notifications, newest first. */
  readonly ids: readonly string[];
  /** The oldest notification looked at, if there may be more; otherwise undefined. */
  readonly stoppedAt: string | undefined;
  /** Rows looked at. */
  readonly scanned: number;
}

/**
 * Finds notifications, newest first. Stops at `limit` matches or after `maxScanned` rows, at least 1; earlier if their
 * attempts have to be read.
 *
 * Each step is a statement of its own, so that no snapshot is kept for long.
 */
export async function scanNotifications(
  sql: pg.Pool,
  given: SearchFilter,
  limit: number,
  maxScanned = MAX_SCANNED,
): Promise<Scan> {
  const filter = await resolved(sql, given);
  const road = await roadOf(sql, filter);
  const rest = beyond(filter, road);
  const range = rangeOf(filter);
  const most = asksAttempts(rest) ? Math.min(maxScanned, MAX_SCANNED_WITH_ATTEMPTS) : maxScanned;
  const ids: string[] = [];
  let { before } = range;
  let scanned = 0;
  for (let step = isEmpty(rest) ? limit + 1 : FIRST_STEP; ; step *= GROWTH) {
    const size = Math.min(step, most - scanned);
    const found = await scanStep(sql, road, rest, { first: range.first, before }, size);
    ids.push(...(asksDeliveries(rest) ? await matchDeliveries(sql, found, rest) : found.ids));
    scanned += found.count;
    if (ids.length > limit) return { ids: ids.slice(0, limit), stoppedAt: ids[limit - 1], scanned };
    if (found.count < size || found.last === null) return { ids, stoppedAt: undefined, scanned };
    if (scanned >= most) return { ids, stoppedAt: found.last, scanned };
    before = found.last;
  }
}

/** A call that rang is found by its rings; without one, by the content of its notifications. */
async function resolved(sql: pg.Pool, filter: SearchFilter): Promise<SearchFilter> {
  const { sessionId, ...others } = filter;
  if (sessionId === undefined) return filter;
  const ids = await notificationsOfCall(sql, sessionId, filter.appIds);
  if (ids.length > 0) return { ...others, ids };
  return { ...filter, kind: filter.kind ?? 'call' };
}

/** The index with the fewest rows to look at. */
async function roadOf(sql: pg.Pool, filter: SearchFilter): Promise<Road> {
  const { ids, users, uid, status, replayId, hasDuplicate } = filter;
  if (ids) return { by: 'id', ids };
  if (users) return { by: 'user', users };
  if (replayId !== undefined) return { by: 'replay', replayId };
  if (hasDuplicate && uid === undefined) return { by: 'duplicate' };
  if (uid === undefined && status === undefined && !filter.appIds) return { by: 'time' };
  const known = await appIdsInLedger(sql);
  const appIds = filter.appIds ?? known;
  if (uid !== undefined) return { by: 'user', users: appIds.map((appId) => ({ appId, uid })) };
  if (status === undefined && known.every((appId) => appIds.includes(appId))) return { by: 'time' };
  const statuses = status === undefined ? DELIVERY_STATUSES : [status];
  const states = appIds.flatMap((appId) => statuses.map((own) => ({ appId, status: own })));
  return states.length <= MAX_STATES ? { by: 'status', states } : { by: 'time' };
}

/** The parts of a filter that a scan fulfils by the rows that it reads. */
const BY_RANGE = ['ids', 'users', 'from', 'to', 'before'];
const FULFILLED: Readonly<Record<Road['by'], readonly string[]>> = {
  time: BY_RANGE,
  id: BY_RANGE,
  user: [...BY_RANGE, 'appIds', 'uid'],
  status: [...BY_RANGE, 'appIds', 'status'],
  replay: [...BY_RANGE, 'replayId'],
  duplicate: [...BY_RANGE, 'hasDuplicate'],
};

/** The other parts. */
function beyond(filter: SearchFilter, { by }: Road): SearchFilter {
  return Object.fromEntries(Object.entries(filter).filter(([part]) => !FULFILLED[by].includes(part)));
}

const isEmpty = (filter: SearchFilter): boolean => Object.values(filter).every((part) => part === undefined);

function rangeOf({ from, to, before }: SearchFilter): IdRange {
  const ends = [LAST_ID, ...(to ? [firstIdAt(to)] : []), ...(before === undefined ? [] : [before])].sort();
  return { first: from ? firstIdAt(from) : FIRST_ID, before: ends[0] ?? LAST_ID };
}
