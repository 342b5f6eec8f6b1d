import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../../platform/database/database.module.js';
import type { ReachedDevice } from '../../queue/jobs.js';
import { BATCH, DELETE_RETIRED, NOTE_REACHED, RETIRE_UNSEEN } from './device.sql.js';

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
      const rows = await RETIRE_UNSEEN.rows(this.sql, { before });
      for (const { app_id, count } of rows) retired.set(app_id, (retired.get(app_id) ?? 0) + count);
      if (rows.reduce((sum, { count }) => sum + count, 0) < BATCH) return retired;
    }
  }

  /** Notes that vendors have taken pushes to devices, and which environment turned out to be theirs. */
  async noteReached(devices: readonly ReachedDevice[], at: Date): Promise<void> {
    const ids = devices.map(({ id }) => id);
    const environments = devices.map(({ environment }) => environment ?? null);
    await NOTE_REACHED.run(this.sql, { ids, environments, at });
  }

  /** Deletes what was retired before `before`. @returns how many. */
  async deleteRetired(before: Date): Promise<number> {
    let deleted = 0;
    for (;;) {
      const count = await DELETE_RETIRED.run(this.sql, { before });
      deleted += count;
      if (count < BATCH) return deleted;
    }
  }
}
