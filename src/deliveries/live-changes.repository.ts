import { Inject, Injectable } from '@nestjs/common';
import { Prisma, Sql } from '../platform/database/database.module.js';
import { firstIdAt } from '../platform/ids/new-id.js';
import type { StoredSandboxMessage } from './sandbox/sandbox-mailbox.repository.js';
import { CHANGED, NOW, SANDBOX_SEQS, VERSIONS, type NotificationVersion } from './sql/live.sql.js';
import { spanOf } from './sql/span-of.js';

export type { NotificationVersion } from './sql/live.sql.js';

/** A delivery report changes a notification without a time; most come within two minutes. */
const REPORT_MS = 120_000;

export interface ChangedRange {
  /** Only notifications received from then on. */
  readonly receivedFrom: Date;
  /** Planned or settled from then on. */
  readonly since: Date;
  /** The newest rows that are looked at. */
  readonly maxRows: number;
  /** Also those that may have changed without a time. */
  readonly withOpen?: boolean;
}

export interface Changed {
  /** Oldest first. */
  readonly versions: readonly NotificationVersion[];
  /** The oldest notification looked at, if `maxRows` ended the look; otherwise undefined. */
  readonly cutAt: string | undefined;
}

/** Reads what is new or changed in the ledger and the sandbox mailbox, for event streams. */
@Injectable()
export class LiveChangesRepository {
  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {}

  /** The database's clock. */
  async now(): Promise<Date> {
    const [row] = await NOW.rows(this.sql, {});
    return row?.now ?? new Date();
  }

  async changed({ receivedFrom, since, maxRows, withOpen = false }: ChangedRange): Promise<Changed> {
    const rows = await CHANGED.rows(this.sql, {
      ...{ first: firstIdAt(receivedFrom), since, limit: maxRows, withOpen, reportMs: REPORT_MS },
    });
    const [row] = rows;
    return { versions: rows, cutAt: row && row.scanned >= maxRows ? row.last : undefined };
  }

  async versionsOf(ids: readonly string[]): Promise<NotificationVersion[]> {
    return ids.length === 0 ? [] : VERSIONS.rows(this.sql, { ids, ...spanOf(ids) });
  }

  /** Numbers and times of the newest sandbox messages, newest first. */
  async sandboxSeqs(limit: number): Promise<{ seq: string; at: Date }[]> {
    return SANDBOX_SEQS.rows(this.sql, { limit });
  }

  /** Sandbox messages by their numbers, oldest first. */
  async sandboxMessages(seqs: readonly string[]): Promise<StoredSandboxMessage[]> {
    if (seqs.length === 0) return [];
    const rows = await this.prisma.sandboxMessage.findMany({
      where: { seq: { in: seqs.map(BigInt) } },
      orderBy: { seq: 'asc' },
      omit: { seq: true },
    });
    return rows.map((row) => ({
      ...(row as Omit<StoredSandboxMessage, 'message'>),
      message: JSON.parse(row.message) as unknown,
    }));
  }
}
