import type pg from 'pg';
import type { AcceptedNotification } from '../records.js';

type Found = Omit<AcceptedNotification, 'expiresAt'>;

export async function find(sql: pg.Pool, notificationId: string): Promise<Found | undefined> {
  const { rows } = await sql.query<Found>(
    `SELECT id, app_id AS "appId", channel, kind, uid, content, received_at AS "receivedAt"
     FROM notification WHERE id = $1`,
    [notificationId],
  );
  return rows[0];
}
