import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/database.module.js';
import { MARK } from './sql/erased-user.sql.js';

/** Nothing is recorded: the recipient was erased after it was received. */
export class RecipientErased extends Error {
  override readonly name = 'RecipientErased';
}

/**
 * Erased users, as keyed hashes. Late jobs and requests that were received before the erasure are refused by the
 * statements that write them (`erasedSince`); those received later belong to a new user.
 */
@Injectable()
export class ErasedUserRepository {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /** Marks a user as erased now, by the database's clock. @returns that time. */
  async mark(appId: string, uid: string): Promise<Date> {
    const [row] = await MARK.rows(this.sql, { appId, uid });
    if (!row) throw new Error('The upsert of an erased user returned no row.');
    return row.erasedAt;
  }
}
