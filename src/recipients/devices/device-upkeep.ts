import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../../platform/database/database.module.js';
import type { ReachedDevice } from '../../queue/jobs.js';
import { BATCH, DELETE_RETIRED, NOTE_REACHED, RETIRE_UNSEEN } from './device.sql.js';

/** Updates, retires and deletes devices in steps, so that no statement locks many rows or runs long. */
@Injectable()
export class DeviceUpkeep {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /**
   * Retires devices that were neither registered nor reached since `before`. An app registers at every start, so such
   * an address is unused, and vendors advise against keeping it.
   * https://firebase.google.com/docs/cloud-messaging/manage-tokens
   *
   * @returns the number of retired devices by app.
   */
  async retireUnseen(before: Date): Promise<Map<string, number>> {
    const retired = new Map<string, number>();
    for (;;) {
      const rows = await RETIRE_UNSEEN.rows(this.sql, { before });
      for (const { app_id, count } of rows) retired.set(app_id, (retired.get(app_id) ?? 0) + count);
      if (rows.reduce((sum, { count }) => sum + count, 0) < BATCH) return retired;
    }
  }

  /** Records that vendors accepted pushes to devices, and the APNs environments of those pushes. */
  async noteReached(devices: readonly ReachedDevice[], at: Date): Promise<void> {
    const ids = devices.map(({ id }) => id);
    const environments = devices.map(({ environment }) => environment ?? null);
    await NOTE_REACHED.run(this.sql, { ids, environments, at });
  }

  /** Deletes devices retired before `before`. @returns their number. */
  async deleteRetired(before: Date): Promise<number> {
    let deleted = 0;
    for (;;) {
      const count = await DELETE_RETIRED.run(this.sql, { before });
      deleted += count;
      if (count < BATCH) return deleted;
    }
  }
}
