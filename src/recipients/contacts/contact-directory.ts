import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from '../../platform/batching/batcher.js';
import { Sql } from '../../platform/database/database.module.js';

interface PersonKey {
  readonly appId: string;
  readonly uid: string;
}

const SELECT_NUMBERS = `
SELECT p.position::int AS position, c.phno
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS p(app_id, uid, position)
JOIN contact c ON c.app_id = p.app_id AND c.uid = p.uid`;

/** Where a person's texts go. Questions that are asked at the same time are answered by one statement. */
@Injectable()
export class ContactDirectory {
  private readonly questions = new Batcher((persons: readonly PersonKey[]) => this.findAll(persons));

  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /** A person's phone number in E.164; undefined where none is known. */
  numberOf(appId: string, uid: string): Promise<string | undefined> {
    return this.questions.run({ appId, uid });
  }

  private async findAll(persons: readonly PersonKey[]): Promise<(string | undefined)[]> {
    const { rows } = await this.sql.query<{ position: number; phno: string }>({
      name: 'contacts.numbers',
      text: SELECT_NUMBERS,
      values: [persons.map(({ appId }) => appId), persons.map(({ uid }) => uid)],
    });
    const found = new Map(rows.map(({ position, phno }) => [position, phno]));
    return persons.map((_, index) => found.get(index + 1));
  }
}
