import type pg from 'pg';
import { deleteUnpartitioned, dropPartitions, type Upkeep } from './partitions.sql.js';

export interface Pruned {
  /** Dropped as a whole; and those in use for too long, which are dropped next time. */
  readonly partitions: Upkeep;
  /** Deleted row by row, because they were in no such partition. */
  readonly notifications: number;
}

/** Drops what is older by whole partitions; what has none is deleted in steps, so that no statement locks much or runs long. */
export async function prune(sql: pg.Pool, before: Date): Promise<Pruned> {
  const partitions = await dropPartitions(sql, before);
  const notifications = await deleteUnpartitioned(sql, before);
  await sql.query('DELETE FROM sms_receipt WHERE created_at < $1', [before]);
  await sql.query('DELETE FROM ended_call WHERE ended_at < $1', [before]);
  // No carrier waits longer than a delivery lives; without its row it is sent as its own message.
  await sql.query(`DELETE FROM conversation_storm WHERE updated_at < now() - interval '2 days'`);
  return { partitions, notifications };
}
