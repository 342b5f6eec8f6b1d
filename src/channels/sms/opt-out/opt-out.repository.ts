import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from '../../../platform/batching/batcher.js';
import { columns } from '../../../platform/database/columns.js';
import { Prisma, Sql } from '../../../platform/database/database.module.js';
import type { Connection } from '../../../platform/database/statement.js';
import { inTransaction } from '../../../platform/database/transaction.js';
import { FIND_OPTED_OUT, OPT_IN, OPT_OUT } from './opt-out.sql.js';

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

/** Who has asked an app to send no more texts. Numbers are in E.164. */
@Injectable()
export class OptOutRepository {
  private readonly questions = new Batcher((questions: readonly Question[]) => this.findAll(questions));

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {}

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
    const write = async (on: Connection): Promise<boolean> => {
      const { optedOut, source, provider, asOf = null } = change;
      const params = { appId, phno, source, provider, asOf };
      return (await (optedOut ? OPT_OUT : OPT_IN).run(on, params)) === 1;
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
    const found = await this.prisma.optOut.findUnique({ where: { appId_phno: { appId, phno } } });
    return (found as OptOutRecord | null) ?? undefined;
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
    const found = await this.prisma.optOut.findMany({
      where: {
        optedOut: true,
        ...(appId === undefined ? {} : { appId }),
        ...(after === undefined ? {} : { changedAt: { lte: after.changedAt } }),
      },
      orderBy: [{ changedAt: 'desc' }, { appId: 'asc' }, { phno: 'asc' }],
      skip: after?.skip ?? 0,
      take: limit,
    });
    return found as OptOutRecord[];
  }

  private async findAll(questions: readonly Question[]): Promise<boolean[]> {
    const rows = await FIND_OPTED_OUT.rows(this.sql, columns(questions, 'appId', 'phno'));
    const found = new Set(rows.map(({ position }) => position - 1));
    return questions.map((_, index) => found.has(index));
  }
}
