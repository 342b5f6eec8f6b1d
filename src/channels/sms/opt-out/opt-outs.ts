import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { Batcher } from '../../../platform/batching/batcher.js';
import { Sql } from '../../../platform/database/database.module.js';
import { inTransaction } from '../../../platform/database/transaction.js';

/** Who said so: the person by a text, the vendor by its code, or people who run things. */
export const OPT_OUT_SOURCES = ['inbound', 'vendor', 'operator', 'backend'] as const;
export type OptOutSource = (typeof OPT_OUT_SOURCES)[number];

export interface OptOutChange {
  readonly optedOut: boolean;
  readonly source: OptOutSource;
  /** The provider's id, where one had a part in it. */
  readonly provider: string | null;
  /** When it was true; what was said after that stands. Unset: now. */
  readonly asOf?: Date;
}

/** What is on record of a number. */
export interface OptOutRecord {
  readonly appId: string;
  readonly phno: string;
  readonly optedOut: boolean;
  readonly source: OptOutSource;
  readonly provider: string | null;
  readonly changedAt: Date;
}

/** Where a page of the list begins. */
export interface OptOutPosition {
  readonly changedAt: Date;
  /** Entries of that very moment that have been shown. */
  readonly skip: number;
}

interface Question {
  readonly appId: string;
  readonly phno: string;
}

const FIND_OUT = `
SELECT p.position::int AS position
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS p(app_id, phno, position)
JOIN opt_out o ON o.app_id = p.app_id AND o.phno = p.phno AND o.opted_out`;

const OPT_OUT = `
INSERT INTO opt_out AS o (app_id, phno, opted_out, source, provider) VALUES ($1, $2, true, $3, $4)
ON CONFLICT (app_id, phno) DO UPDATE
SET opted_out = true, source = excluded.source, provider = excluded.provider, changed_at = now()
WHERE NOT o.opted_out AND ($5::timestamptz IS NULL OR o.changed_at <= $5)`;

// Somebody who has never said STOP has nothing to take back.
const OPT_IN = `
UPDATE opt_out SET opted_out = false, source = $3, provider = $4, changed_at = now()
WHERE app_id = $1 AND phno = $2 AND opted_out AND ($5::timestamptz IS NULL OR changed_at <= $5)`;

const COLUMNS = `app_id AS "appId", phno, opted_out AS "optedOut", source, provider, changed_at AS "changedAt"`;

/** Who has asked an app to send no more texts. Numbers are in E.164. */
@Injectable()
export class OptOuts {
  private readonly questions = new Batcher((questions: readonly Question[]) => this.findAll(questions));

  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /** Questions that are asked at the same time are answered by one statement. */
  isOptedOut(appId: string, phno: string): Promise<boolean> {
    return this.questions.run({ appId, phno });
  }

  /**
   * @param confirm done before the change counts, and only where there is one; if it throws, nothing has changed.
   * @returns whether that was news.
   */
  async record(
    appId: string,
    phno: string,
    change: OptOutChange,
    confirm?: () => Promise<void>,
  ): Promise<boolean> {
    const write = async (sql: pg.Pool | pg.PoolClient): Promise<boolean> => {
      const { optedOut, source, provider, asOf } = change;
      const values = [appId, phno, source, provider, asOf ?? null];
      const { rowCount } = await sql.query(optedOut ? OPT_OUT : OPT_IN, values);
      return rowCount === 1;
    };
    if (!confirm) return write(this.sql);
    return inTransaction(this.sql, async (client) => {
      const isNews = await write(client);
      if (isNews) await confirm();
      return isNews;
    });
  }

  /** What is on record of a number; undefined: it has never been opted out. */
  async find(appId: string, phno: string): Promise<OptOutRecord | undefined> {
    const { rows } = await this.sql.query<OptOutRecord>(
      `SELECT ${COLUMNS} FROM opt_out WHERE app_id = $1 AND phno = $2`,
      [appId, phno],
    );
    return rows[0];
  }

  /**
   * Those who are opted out, the latest first.
   *
   * @param appId unset: of all apps.
   */
  async list(
    appId: string | undefined,
    after: OptOutPosition | undefined,
    limit: number,
  ): Promise<OptOutRecord[]> {
    const { rows } = await this.sql.query<OptOutRecord>(
      `SELECT ${COLUMNS} FROM opt_out
       WHERE opted_out AND ($1::text IS NULL OR app_id = $1) AND ($2::timestamptz IS NULL OR changed_at <= $2)
       ORDER BY changed_at DESC, app_id, phno OFFSET $3 LIMIT $4`,
      [appId ?? null, after?.changedAt ?? null, after?.skip ?? 0, limit],
    );
    return rows;
  }

  private async findAll(questions: readonly Question[]): Promise<boolean[]> {
    const { rows } = await this.sql.query<{ position: number }>({
      name: 'opt_outs.find',
      text: FIND_OUT,
      values: [questions.map(({ appId }) => appId), questions.map(({ phno }) => phno)],
    });
    const found = new Set(rows.map(({ position }) => position - 1));
    return questions.map((_, index) => found.has(index));
  }
}
