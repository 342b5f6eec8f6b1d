import type pg from 'pg';

/**
 * The calls with a ring that was claimed later than a push about their end. An end is recorded before its pushes are
 * claimed; a ring claimed at the same moment as the end is recorded cannot see it, and is not counted.
 */
export async function ringsAfterEnd(sql: pg.Pool): Promise<string[]> {
  const { rows } = await sql.query<{ session: string; is_late: boolean }>(
    `WITH told AS (
       SELECT n.app_id, n.uid, n.content::json->'notificationDetails'->>'sessionId' AS session, min(a.started_at) AS at
       FROM notification n JOIN delivery d ON d.notification_id = n.id JOIN attempt a ON a.delivery_id = d.id
       WHERE n.content::json->'notificationDetails'->>'callAction'
         IN ('cancelled', 'canceled', 'unanswered', 'rejected', 'busy', 'ended', 'ongoing')
       GROUP BY 1, 2, 3
     )
     SELECT d.ring_session AS session, max(a.started_at) > min(told.at) AS is_late
     FROM attempt a JOIN delivery d ON d.id = a.delivery_id JOIN notification n ON n.id = d.notification_id
     JOIN told ON told.app_id = n.app_id AND told.uid = n.uid AND told.session = d.ring_session
     GROUP BY 1`,
  );
  return rows.filter(({ is_late }) => is_late).map(({ session }) => session);
}
