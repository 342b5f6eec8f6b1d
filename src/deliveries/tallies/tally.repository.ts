import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../../platform/database/database.module.js';
import {
  deleteUnpartitioned,
  dropPartitions,
  makePartitions,
  partitionDays,
  TALLY,
  type Upkeep,
} from '../sql/partitions.sql.js';
import {
  addTallies,
  claimSample,
  readQueues,
  readTallies,
  setQueues,
  type StoredSeries,
  type Tally,
  type TallyQuery,
} from './tally.sql.js';

/** Age in days at which tallies are deleted, up to two days later. */
export const TALLY_DAYS = 30;
const MS_PER_DAY = 86_400_000;

/** Counts, and the last samples of the queues, by minute and longer spans, over all processes. */
@Injectable()
export class TallyRepository {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /** Adds to counts. @throws Error of the driver; then nothing is added, unless the connection broke during the commit. */
  add(tallies: readonly Tally[]): Promise<void> {
    return addTallies(this.sql, tallies.toSorted(byKey));
  }

  /**
   * Replaces what is known of the queues in their spans.
   *
   * @param tallies those of queues that are not empty, and `queue_sample`.
   * @throws Error of the driver
   */
  setQueues(tallies: readonly Tally[]): Promise<void> {
    return setQueues(this.sql, tallies.toSorted(byKey));
  }

  /** Lets one process sample what all of them share. @returns whether it is the caller. */
  claimSample(everySeconds: number): Promise<boolean> {
    return claimSample(this.sql, everySeconds);
  }

  async read(query: TallyQuery): Promise<StoredSeries[]> {
    const counts = query.measures.filter((measure) => measure !== 'queue');
    const found = await Promise.all([
      counts.length === 0 ? [] : readTallies(this.sql, { ...query, measures: counts }),
      query.measures.includes('queue') ? readQueues(this.sql, query) : [],
    ]);
    return found.flat();
  }

  makePartitions(): Promise<Upkeep> {
    return makePartitions(this.sql, partitionDays(TALLY_DAYS), new Date(), TALLY);
  }

  /** Deletes tallies past their retention. */
  async prune(now = Date.now()): Promise<Upkeep> {
    const before = new Date(now - TALLY_DAYS * MS_PER_DAY);
    const partitions = await dropPartitions(this.sql, before, TALLY);
    await deleteUnpartitioned(this.sql, before, TALLY);
    return partitions;
  }
}

/** The same order in all processes, so that concurrent writes cannot deadlock. */
function byKey(a: Tally, b: Tally): number {
  return compare(keyOf(a), keyOf(b));
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Identifies a series in its span. */
export function keyOf({ spanSeconds, start, measure, appId, labels }: Omit<Tally, 'n'>): string {
  return [spanSeconds, start.getTime(), measure, appId, labels].join('\n');
}
