import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from '../../platform/batching/batcher.js';
import { columns } from '../../platform/database/columns.js';
import { Sql } from '../../platform/database/database.module.js';
import { NUMBERS } from './contact.sql.js';

interface UserKey {
  readonly appId: string;
  readonly uid: string;
}

/** Looks up users' phone numbers. Concurrent lookups share one statement. */
@Injectable()
export class ContactLookup {
  private readonly lookups = new Batcher((users: readonly UserKey[]) => this.findAll(users));

  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /** @returns the phone number in E.164, if known. */
  numberOf(appId: string, uid: string): Promise<string | undefined> {
    return this.lookups.run({ appId, uid });
  }

  private async findAll(users: readonly UserKey[]): Promise<(string | undefined)[]> {
    const rows = await NUMBERS.rows(this.sql, columns(users, 'appId', 'uid'));
    const found = new Map(rows.map(({ position, phno }) => [position, phno]));
    return users.map((_, index) => found.get(index + 1));
  }
}
