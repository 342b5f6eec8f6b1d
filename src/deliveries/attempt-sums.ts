import type { Channel } from '../domain/notification.js';
import { bucketOf, quantile } from './stats/quantile.js';
import { declarationOf } from './tallies/measures.js';
import type { StoredSeries } from './tallies/tally.sql.js';

/** Attempts in a span of time. */
export interface AttemptSums {
  readonly attempts: number;
  /** The most frequent first. */
  readonly outcomes: readonly {
    readonly outcome: string;
    readonly attempts: number;
    /** Part of all attempts, from 0 to 1. */
    readonly share: number;
  }[];
  /** Estimated from buckets; null without attempts. */
  readonly p95Seconds: number | null;
}

/** Of which provider a series counts attempts. */
export interface AttemptLabels {
  readonly appId: string;
  readonly channel: Channel;
  readonly provider: string;
  /** Of the deliveries: a transport, `sandbox` or `sms`. */
  readonly kind: string;
}

const [P95, MEASURE] = [0.95, 'attempt_seconds'] as const;

/**
 * Sums up the attempts of an account.
 *
 * @param stored series of `attempt_seconds`.
 */
export function attemptSums(
  stored: readonly StoredSeries[],
  isOfAccount: (labels: AttemptLabels) => boolean,
): AttemptSums {
  const bounds = declarationOf(MEASURE).buckets ?? [];
  const buckets = Array.from({ length: bounds.length + 1 }, () => 0);
  const byOutcome = new Map<string, number>();
  for (const { appId, labels, values } of stored) {
    const { le, outcome = '', ...own } = JSON.parse(labels) as Record<'outcome' | 'le', string | undefined>;
    if (!isOfAccount({ appId, ...own } as unknown as AttemptLabels)) continue;
    const n = values.reduce((sum, value) => sum + value, 0);
    const bucket = bucketOf(bounds, le);
    buckets[bucket] = (buckets[bucket] ?? 0) + n;
    byOutcome.set(outcome, (byOutcome.get(outcome) ?? 0) + n);
  }
  const all = buckets.reduce((sum, count) => sum + count, 0);
  const outcomes = [...byOutcome]
    .map(([outcome, attempts]) => ({ outcome, attempts, share: attempts / all }))
    .toSorted((a, b) => b.attempts - a.attempts || (a.outcome < b.outcome ? -1 : 1));
  return { attempts: all, outcomes, p95Seconds: quantile(P95, bounds, buckets) };
}
