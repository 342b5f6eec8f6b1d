import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Prisma, Sql } from '../platform/database/database.module.js';
import { firstIdAt } from '../platform/ids/new-id.js';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { within } from '../platform/timing/within.js';
import { addDuplicates, type Duplicates } from './sql/duplicates.sql.js';

/** Time in ms in which counts gather for one statement, and until a failed statement is repeated. */
const GATHER_MS = 500;
const REPEAT_MS = 10_000;
/** Notifications that wait while PostgreSQL is unavailable; further ones are not counted. */
const MAX_WAITING = 10_000;
const LAST_WRITE_WITHIN_MS = 2_000;

/**
 * Counts the notifications that were received again. Counts gather in memory, so that an answer to CometChat never waits
 * for them; a process that is killed loses those of half a second.
 */
@Injectable()
export class DuplicateCounts implements OnApplicationShutdown {
  private waiting = new Map<string, Duplicates>();
  private timer: NodeJS.Timeout | undefined;
  private isFailing = false;

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Counts that a notification was received again. */
  note(notificationId: string): void {
    this.add({ notificationId, count: 1, lastAt: new Date() });
    this.timer ??= this.schedule(GATHER_MS);
  }

  /** How often a notification was received again; null: never. */
  async of(notificationId: string): Promise<Pick<Duplicates, 'count' | 'lastAt'> | null> {
    const select = { count: true, lastAt: true };
    return this.prisma.notificationDuplicate.findUnique({ where: { notificationId }, select });
  }

  /** Deletes the counts of notifications received before a time. */
  async deleteBefore(before: Date): Promise<void> {
    await this.prisma.notificationDuplicate.deleteMany({
      where: { notificationId: { lt: firstIdAt(before) } },
    });
  }

  /** Runs after requests and jobs have ended, and before connections close. */
  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await within(LAST_WRITE_WITHIN_MS, this.write()).catch(() => undefined);
  }

  private schedule(ms: number): NodeJS.Timeout {
    return setTimeout(() => void this.run(), ms).unref();
  }

  private async run(): Promise<void> {
    await this.write();
    this.timer = this.waiting.size > 0 ? this.schedule(this.isFailing ? REPEAT_MS : GATHER_MS) : undefined;
  }

  private async write(): Promise<void> {
    const rows = [...this.waiting.values()].toSorted((a, b) =>
      a.notificationId < b.notificationId ? -1 : 1,
    );
    if (rows.length === 0) return;
    this.waiting = new Map();
    try {
      await addDuplicates(this.sql, rows);
      this.isFailing = false;
    } catch (err) {
      for (const row of rows) this.add(row);
      if (!this.isFailing)
        this.logger.warn({ notifications: rows.length, err }, 'ledger.duplicates_not_written');
      this.isFailing = true;
    }
  }

  private add({ notificationId, count, lastAt }: Duplicates): void {
    const known = this.waiting.get(notificationId);
    if (!known && this.waiting.size >= MAX_WAITING) return;
    const latest = known && known.lastAt > lastAt ? known.lastAt : lastAt;
    this.waiting.set(notificationId, { notificationId, count: count + (known?.count ?? 0), lastAt: latest });
  }
}
