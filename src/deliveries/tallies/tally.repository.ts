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
import { declarationOf } from './measures.js';
import {
  addTallies,
  claimSample,
  readTallies,
  setTallies,
  type StoredSeries,
  type Tally,
  type TallyQuery,
} from './tally.sql.js';

/** Age in days at which tallies are deleted, up to two days later. */
export const TALLY_DAYS = 30;
const MS_PER_DAY = 86_400_000;

/** Counts and last values of minutes and hours, over all processes. */
@Injectable()
export class TallyRepository {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /** Adds to counts. @throws Error of the driver; then nothing is added, unless the connection broke during the commit. */
  add(tallies: readonly Tally[]): Promise<void> {
    return addTallies(this.sql, tallies.toSorted(byKey));
  }

  /** Replaces gauges. @throws Error of the driver */
  set(tallies: readonly Tally[]): Promise<void> {
    return setTallies(this.sql, tallies.toSorted(byKey));
  }

  /** Lets one process sample what all of them share. @returns whether it is the caller. */
  claimSample(everySeconds: number): Promise<boolean> {
    return claimSample(this.sql, everySeconds);
  }

  async read(query: TallyQuery): Promise<StoredSeries[]> {
    const gauges = query.measures.filter((measure) => declarationOf(measure).isGauge);
    const counts = query.measures.filter((measure) => !declarationOf(measure).isGauge);
    const found = await Promise.all([
      counts.length === 0 ? [] : readTallies(this.sql, 'counts', { ...query, measures: counts }),
      gauges.length === 0 ? [] : readTallies(this.sql, 'gauges', { ...query, measures: gauges }),
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

/** Identifies a series in its minute or hour. */
export function keyOf({ spanSeconds, start, measure, appId, labels }: Omit<Tally, 'n'>): string {
  return [spanSeconds, start.getTime(), measure, appId, labels].join('\n');
}
