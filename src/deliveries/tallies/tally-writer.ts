import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '../../platform/logging/logger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { countsOf } from './counts-of.js';
import { rowsOf } from './rows-of.js';
import { keyOf, TallyRepository } from './tally.repository.js';
import type { Tally } from './tally.sql.js';

/** Longest interval in ms whose counts are ascribed to its middle. */
const INTERVAL_MS = 10_000;
/** Rows that wait while PostgreSQL is unavailable. Later counts stay in the counters, and are ascribed to its return. */
const MAX_WAITING = 10_000;

/**
 * Writes what this process has counted since the last write. Counters live in memory (`Metrics`); this reads them and never
 * slows down a notification. A failed write is repeated with the next one.
 */
@Injectable()
export class TallyWriter {
  /** The counters as last read, by series. */
  private readonly read = new Map<string, number>();
  private waiting = new Map<string, Tally>();
  private writing: Promise<void> | undefined;
  private readAtMs = Date.now();
  private isFailing = false;

  constructor(
    private readonly metrics: Metrics,
    private readonly tallies: TallyRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Writes; a write in progress is joined. Logs failures. */
  write(): Promise<void> {
    return (this.writing ??= this.writeOnce().finally(() => (this.writing = undefined)));
  }

  /** Writes if the counters have not been read for `ms`. */
  async writeAfter(ms: number): Promise<void> {
    if (this.writing !== undefined || Math.abs(Date.now() - this.readAtMs) >= ms) await this.write();
  }

  /** Writes everything counted up to now. */
  async writeLast(): Promise<void> {
    await this.writing;
    await this.write();
  }

  private async writeOnce(): Promise<void> {
    try {
      if (this.waiting.size < MAX_WAITING) await this.collect();
      if (this.waiting.size > 0) await this.tallies.add([...this.waiting.values()]);
      this.waiting = new Map();
      this.isFailing = false;
    } catch (err) {
      if (!this.isFailing) this.logger.warn({ rows: this.waiting.size, err }, 'tally.not_written');
      this.isFailing = true;
    }
  }

  /** Adds the growth of the counters to the rows that wait. */
  private async collect(): Promise<void> {
    const nowMs = Date.now();
    const sinceMs = Math.min(Math.max(nowMs - this.readAtMs, 0), INTERVAL_MS);
    this.readAtMs = nowMs;
    for (const { n, ...series } of await countsOf(this.metrics)) {
      const name = [series.measure, series.appId, series.labels].join('\n');
      const growth = n - (this.read.get(name) ?? 0);
      this.read.set(name, n);
      if (growth !== 0) this.add(rowsOf({ ...series, n: growth }, nowMs - sinceMs / 2));
    }
  }

  private add(rows: readonly Tally[]): void {
    for (const row of rows) {
      const key = keyOf(row);
      this.waiting.set(key, { ...row, n: row.n + (this.waiting.get(key)?.n ?? 0) });
    }
  }
}
