import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../../platform/database/database.module.js';
import { deleteNamedCounters } from './guard/counters.sql.js';
import { countersOf } from './guard/limits-of.js';
import { OptOutRepository } from './opt-out/opt-out.repository.js';

/** What `SmsErasure.erase` deleted. */
export interface ErasedSmsState {
  readonly optOuts: number;
  readonly counters: number;
}

/** Forgets users and numbers in the tables of SMS. */
@Injectable()
export class SmsErasure {
  constructor(
    @Inject(Sql) private readonly sql: Sql,
    private readonly optOuts: OptOutRepository,
  ) {}

  /**
   * Deletes the counters of a user and of these numbers (E.164), and forgets the numbers' opt-outs, which still hold.
   */
  async erase(appId: string, uid: string, numbers: readonly string[]): Promise<ErasedSmsState> {
    const optOuts = await this.optOuts.erase(appId, numbers);
    return { optOuts, counters: await deleteNamedCounters(this.sql, appId, countersOf(uid, numbers)) };
  }
}
