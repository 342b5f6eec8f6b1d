import type pg from 'pg';
import { columns } from '../../platform/database/columns.js';
import { statement } from '../../platform/database/statement.js';

/** How often a notification was received again. */
export interface Duplicates {
  readonly notificationId: string;
  readonly count: number;
  readonly lastAt: Date;
}

const ADD = statement<keyof Duplicates>(`
INSERT INTO notification_duplicate AS d (notification_id, count, last_at)
SELECT * FROM unnest(:notificationId::uuid[], :count::int[], :lastAt::timestamptz[])
ON CONFLICT (notification_id) DO UPDATE
SET count = d.count + excluded.count, last_at = greatest(d.last_at, excluded.last_at)`);

/** Adds to the counts. @param rows of each notification at most one, in order of id, so that processes cannot deadlock. */
export async function addDuplicates(sql: pg.Pool, rows: readonly Duplicates[]): Promise<void> {
  await ADD.run(sql, columns(rows, 'notificationId', 'count', 'lastAt'));
}
