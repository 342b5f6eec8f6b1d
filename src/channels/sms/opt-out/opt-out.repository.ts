import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from '../../../platform/batching/batcher.js';
import { columns } from '../../../platform/database/columns.js';
import { Prisma, Sql } from '../../../platform/database/database.module.js';
import type { Connection } from '../../../platform/database/statement.js';
import { inTransaction } from '../../../platform/database/transaction.js';
import { ERASE, FIND_ERASED_OPT_OUT, FIND_OPTED_OUT, OPT_IN, OPT_OUT } from './opt-out.sql.js';

/** `inbound`: the recipient by SMS; `vendor`: by its code. */
export const OPT_OUT_SOURCES = ['inbound', 'vendor', 'operator', 'backend'] as const;
export type OptOutSource = (typeof OPT_OUT_SOURCES)[number];

export interface OptOutChange {
  readonly optedOut: boolean;
  readonly source: OptOutSource;
  /** The provider's id if it was involved. */
  readonly provider: string | null;
  /** When the change applied; later changes prevail. Unset: now. */
  readonly asOf?: Date;
}

export interface OptOutRecord {
  readonly appId: string;
  readonly phno: string;
  readonly optedOut: boolean;
  readonly source: OptOutSource;
  readonly provider: string | null;
  readonly changedAt: Date;
}

/** The start of a page. */
export interface OptOutPosition {
  readonly changedAt: Date;
  /** Entries of that time already listed. */
  readonly skip: number;
}

interface Lookup {
  readonly appId: string;
  readonly phno: string;
}

/** Opt-outs by app and number (E.164). */
@Injectable()
export class OptOutRepository {
  private readonly lookups = new Batcher((lookups: readonly Lookup[]) => this.findAll(lookups));

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {}

  /** Concurrent calls share one statement. */
  isOptedOut(appId: string, phno: string): Promise<boolean> {
    return this.lookups.run({ appId, phno });
  }

  /**
   * @param confirm runs before the commit if the record changes; if it throws, nothing changes.
   * @returns whether the record changed.
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
      const hasChanged = await write(client);
      if (hasChanged) await confirm();
      return hasChanged;
    });
  }

  /** @returns undefined if the number never opted out. */
  async find(appId: string, phno: string): Promise<OptOutRecord | undefined> {
    const found = await this.prisma.optOut.findUnique({ where: { appId_phno: { appId, phno } } });
    if (found) return found as OptOutRecord;
    const [erased] = await FIND_ERASED_OPT_OUT.rows(this.sql, { appId, phno });
    return erased && { appId, phno, optedOut: true, ...erased, source: erased.source as OptOutSource };
  }

  /**
   * Forgets numbers (E.164). Those that opted out stay so, and are known only by a keyed hash.
   *
   * @returns how many were on record.
   */
  async erase(appId: string, numbers: readonly string[]): Promise<number> {
    const [row] = await ERASE.rows(this.sql, { appId, numbers });
    return row?.erased ?? 0;
  }

  /**
   * Opted-out numbers, latest first.
   *
   * @param appId unset: all apps.
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

  private async findAll(lookups: readonly Lookup[]): Promise<boolean[]> {
    const rows = await FIND_OPTED_OUT.rows(this.sql, columns(lookups, 'appId', 'phno'));
    const found = new Set(rows.map(({ position }) => position - 1));
    return lookups.map((_, index) => found.has(index));
  }
}
