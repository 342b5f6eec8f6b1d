import { statement } from '../../platform/database/statement.js';

// News for event streams. No table or index of their own: each statement reads a limited number of the newest rows.

export interface NotificationVersion {
  readonly id: string;
  readonly status: string;
  readonly settledAt: Date | null;
}

/** The clock of the database, by which `planned_at` and `settled_at` are written. */
export const NOW = statement<never, { now: Date }>('SELECT now() AS now');

/**
 * Of the newest `limit` notifications from `first` on, those that were planned or settled since a time. With
 * `withOpen`, also those whose changes leave no time: unsettled ones, and those that a delivery report may have changed
 * after they were settled.
 */
export const CHANGED = statement<
  'first' | 'limit' | 'since' | 'withOpen' | 'reportMs',
  NotificationVersion & { scanned: number; last: string }
>(`
WITH scanned AS MATERIALIZED (
  SELECT id, status, coalesce(planned_at, received_at) AS planned_at, settled_at FROM notification WHERE id >= :first ORDER BY id DESC LIMIT :limit
)
SELECT id, status, settled_at AS "settledAt", (SELECT count(*)::int FROM scanned) AS scanned,
       (SELECT id FROM scanned ORDER BY id LIMIT 1) AS last
FROM scanned
WHERE planned_at >= :since OR settled_at >= :since
   OR :withOpen::boolean AND (settled_at IS NULL OR status IN ('delivered', 'failed')
      AND settled_at >= :since::timestamptz - :reportMs::int * interval '1 millisecond')
ORDER BY id`);

export const VERSIONS = statement<'ids' | 'first' | 'last', NotificationVersion>(`
SELECT id, status, settled_at AS "settledAt" FROM notification
WHERE id = ANY(:ids::uuid[]) AND id BETWEEN :first AND :last`);

/** Numbers of sandbox messages are taken before their commit, so a message may become visible after later ones. */
export const SANDBOX_SEQS = statement<'limit', { seq: string; at: Date }>(
  // The column, not the text that is returned.
  'SELECT seq::text, at FROM sandbox_message ORDER BY sandbox_message.seq DESC LIMIT :limit',
);
