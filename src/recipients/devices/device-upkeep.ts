import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../../platform/database/database.module.js';
import type { ReachedDevice } from '../../queue/jobs.js';

const BATCH = 1_000;

// Rows that somebody registers at this moment are left for the next time: no batch waits for another.
const RETIRE_UNSEEN = `
WITH old AS (
  SELECT id FROM device WHERE retired_at IS NULL AND updated_at < $1 AND (reached_at IS NULL OR reached_at < $1)
  ORDER BY updated_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
), retired AS (
  UPDATE device d SET retired_at = now(), retired_reason = 'unseen' FROM old WHERE d.id = old.id RETURNING d.app_id
)
SELECT app_id, count(*)::int AS count FROM retired GROUP BY app_id`;

const DELETE_RETIRED = `
WITH old AS (
  SELECT id FROM device WHERE retired_at < $1 ORDER BY retired_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED
)
DELETE FROM device WHERE id IN (SELECT id FROM old)`;

// Once a day at most, and an environment once and for all. Locked in the order of their ids; a row that somebody registers
// at this moment needs no further sign of life.
const NOTE_REACHED = `
WITH reached AS (
  SELECT d.id, r.environment
  FROM device d JOIN unnest($1::uuid[], $2::text[]) AS r(id, environment) ON r.id = d.id
  WHERE d.reached_at IS NULL OR d.reached_at < $3::timestamptz - interval '23 hours'
     OR d.environment IS NULL AND r.environment IS NOT NULL
  ORDER BY d.id FOR UPDATE OF d SKIP LOCKED
)
UPDATE device d
SET reached_at = greatest(d.reached_at, $3::timestamptz), environment = coalesce(d.environment, reached.environment)
FROM reached WHERE d.id = reached.id`;

/** What time does to devices; and what is heard of them; in steps, so that no statement locks much or runs long. */
@Injectable()
export class DeviceUpkeep {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /**
   * Retires what was last registered before `before`, and whose vendor has taken no push since: an app registers
   * whenever it starts, so such an address is of no use to anybody, and vendors advise against keeping it.
   * https://firebase.google.com/docs/cloud-messaging/manage-tokens
   *
   * @returns how many, by app.
   */
  async retireUnseen(before: Date): Promise<Map<string, number>> {
    const retired = new Map<string, number>();
    for (;;) {
      const { rows } = await this.sql.query<{ app_id: string; count: number }>(RETIRE_UNSEEN, [before]);
      for (const { app_id, count } of rows) retired.set(app_id, (retired.get(app_id) ?? 0) + count);
      if (rows.reduce((sum, { count }) => sum + count, 0) < BATCH) return retired;
    }
  }

  /** Notes that vendors have taken pushes to devices, and which environment turned out to be theirs. */
  async noteReached(devices: readonly ReachedDevice[], at: Date): Promise<void> {
    const ids = devices.map(({ id }) => id);
    const environments = devices.map(({ environment }) => environment ?? null);
    await this.sql.query(NOTE_REACHED, [ids, environments, at]);
  }

  /** Deletes what was retired before `before`. @returns how many. */
  async deleteRetired(before: Date): Promise<number> {
    let deleted = 0;
    for (;;) {
      const { rowCount } = await this.sql.query(DELETE_RETIRED, [before]);
      deleted += rowCount ?? 0;
      if ((rowCount ?? 0) < BATCH) return deleted;
    }
  }
}
