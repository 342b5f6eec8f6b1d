import type pg from 'pg';
import { columns } from '../../platform/database/columns.js';
import { statement } from '../../platform/database/statement.js';

const TAKE_STEP = statement<'id' | 'run' | 'everyMs'>(`
UPDATE replay SET next_at = now() + :everyMs::int * interval '1 millisecond'
WHERE id = :id AND run = :run AND state = 'running' AND next_at <= now()`);

const NEXT_STEP = statement<'id' | 'run', { wait_ms: number }>(`
SELECT greatest(ceil(extract(epoch FROM next_at - now()) * 1000), 1)::int AS wait_ms FROM replay
WHERE id = :id AND run = :run AND state = 'running'`);

/** Which start of a replay asks. */
export interface ReplayRun {
  readonly id: string;
  readonly run: number;
}

/**
 * Takes the next step of a replay, at most one per `everyMs` over all processes.
 *
 * @returns the wait in ms if it is not due yet; 0 if it was taken; undefined if the replay no longer runs.
 */
export async function takeStep(
  sql: pg.Pool,
  { id, run }: ReplayRun,
  everyMs: number,
): Promise<number | undefined> {
  if ((await TAKE_STEP.run(sql, { id, run, everyMs })) > 0) return 0;
  const [next] = await NEXT_STEP.rows(sql, { id, run });
  return next?.wait_ms;
}

/** A notification to be sent again. */
export interface ReplayItem {
  readonly notificationId: string;
  /** Earlier replays of it, as known. */
  readonly rounds: number;
  readonly copyId: string;
}

/** In order of id, so that concurrent replays cannot deadlock. */
const CLAIM = statement<'replayId' | keyof ReplayItem, { notification_id: string }>(`
INSERT INTO replay_item (notification_id, round, replay_id, copy_id)
SELECT i.notification_id, i.round, :replayId, i.copy_id
FROM unnest(:notificationId::uuid[], :rounds::int[], :copyId::uuid[]) AS i(notification_id, round, copy_id)
ORDER BY i.notification_id
ON CONFLICT DO NOTHING RETURNING notification_id`);

/** Claims notifications for a replay. @returns the ids of those that no other replay has claimed in between. */
export async function claimItems(
  sql: pg.Pool,
  replayId: string,
  items: readonly ReplayItem[],
): Promise<ReadonlySet<string>> {
  if (items.length === 0) return new Set();
  const rows = await CLAIM.rows(sql, { replayId, ...columns(items, 'notificationId', 'rounds', 'copyId') });
  return new Set(rows.map(({ notification_id }) => notification_id));
}

const RESULTS = statement<'replayId' | 'limit', { status: string; count: number }>(`
SELECT coalesce(n.status, 'queued') AS status, count(*)::int AS count
FROM (SELECT copy_id FROM replay_item WHERE replay_id = :replayId ORDER BY notification_id DESC LIMIT :limit) i
LEFT JOIN notification n ON n.id = i.copy_id
GROUP BY 1`);

/** Statuses of the last `limit` notifications that a replay has sent. One that is not planned yet is queued. */
export async function resultsOf(
  sql: pg.Pool,
  replayId: string,
  limit: number,
): Promise<Readonly<Record<string, number>>> {
  const rows = await RESULTS.rows(sql, { replayId, limit });
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

const STOPPED = statement<'staleMs', ReplayRun>(`
UPDATE replay SET run = run + 1, next_at = now()
WHERE state = 'running' AND next_at < now() - :staleMs::int * interval '1 millisecond'
RETURNING id, run`);

/** Begins another run of every replay that should run and has made no step for `staleMs`. */
export function restartStopped(sql: pg.Pool, staleMs: number): Promise<ReplayRun[]> {
  return STOPPED.rows(sql, { staleMs });
}
