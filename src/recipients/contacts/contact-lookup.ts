import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from '../../platform/batching/batcher.js';
import { columns } from '../../platform/database/columns.js';
import { Sql } from '../../platform/database/database.module.js';
import { NUMBERS } from './contact.sql.js';

interface UserKey {
  readonly appId: string;
  readonly uid: string;
}

/** Where a person's texts go. Questions that are asked at the same time are answered by one statement. */
@Injectable()
export class ContactLookup {
  private readonly questions = new Batcher((persons: readonly UserKey[]) => this.findAll(persons));

  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /** A person's phone number in E.164; undefined where none is known. */
  numberOf(appId: string, uid: string): Promise<string | undefined> {
    return this.questions.run({ appId, uid });
  }

  private async findAll(persons: readonly UserKey[]): Promise<(string | undefined)[]> {
    const rows = await NUMBERS.rows(this.sql, columns(persons, 'appId', 'uid'));
    const found = new Map(rows.map(({ position, phno }) => [position, phno]));
    return persons.map((_, index) => found.get(index + 1));
  }
}
