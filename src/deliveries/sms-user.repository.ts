import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/database.module.js';
import { topSmsUsers } from './sql/sms-users.sql.js';

/** Cost of a user's SMS. */
export interface SmsUserCost {
  readonly appId: string;
  readonly uid: string;
  readonly segments: number;
  /** In `currency`; null: no price was configured. */
  readonly cost: number | null;
  readonly currency: string | null;
}

const MICROS = 1_000_000;

/** Users by what their SMS cost, as the ledger has it. */
@Injectable()
export class SmsUserRepository {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /**
   * The users with most segments among the newest deliveries of a span.
   *
   * @param appId unset: of all apps.
   * @returns `since`: later than `from` if there are more deliveries than are looked at.
   */
  async top(
    appId: string | undefined,
    { from, to }: { readonly from: Date; readonly to: Date },
  ): Promise<{ users: SmsUserCost[]; since: Date }> {
    const { users, since } = await topSmsUsers(this.sql, appId, from, to);
    return {
      users: users.map(({ costMicros, ...user }) => ({
        ...user,
        cost: costMicros === null ? null : costMicros / MICROS,
      })),
      since,
    };
  }
}
