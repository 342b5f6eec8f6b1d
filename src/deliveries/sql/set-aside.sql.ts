import type pg from 'pg';

/** It stays queued, and so can still be sent: only its reason tells that nobody is at it. */
export async function noteSetAside(sql: pg.Pool, deliveryId: string): Promise<void> {
  await sql.query(`UPDATE delivery SET reason = 'set_aside' WHERE id = $1 AND status = 'queued'`, [
    deliveryId,
  ]);
}
