import { ATTEMPT_SECONDS, SECONDS_TO_VENDOR } from '../../platform/metrics/metrics.js';

/** Labels and unit of the series of a measure. */
export interface MeasureDeclaration {
  readonly labels: readonly string[];
  /** Labels without which values cannot be added up. They are kept even if a request does not name them. */
  readonly kept?: readonly string[];
  /** Stored in millionths. */
  readonly isAmount?: true;
  /** Upper bounds of its buckets, in seconds. Its series count one bucket each, named by the further label `le`. */
  readonly buckets?: readonly number[];
}

/** Everything that is tallied. Those without the label `app` are of all apps, and for operators only. */
export const MEASURES = {
  webhooks: { labels: ['route', 'answer'] },
  attempts: { labels: ['app', 'channel', 'provider', 'outcome'] },
  attempt_seconds: {
    labels: ['app', 'channel', 'provider', 'kind', 'outcome'],
    buckets: ATTEMPT_SECONDS,
  },
  deliveries: { labels: ['app', 'channel', 'status', 'reason'] },
  latency: { labels: ['channel', 'kind'], buckets: SECONDS_TO_VENDOR },
  queue: { labels: ['queue', 'state'], kept: ['state'] },
  spool: { labels: ['result'] },
  retired: { labels: ['app', 'reason'] },
  sms_segments: { labels: ['app', 'provider', 'country'] },
  sms_cost: { labels: ['app', 'provider', 'country', 'currency'], kept: ['currency'], isAmount: true },
} as const satisfies Readonly<Record<string, MeasureDeclaration>>;
export type Measure = keyof typeof MEASURES;

export const MEASURE_NAMES = Object.keys(MEASURES) as Measure[];

export const declarationOf = (measure: Measure): MeasureDeclaration => MEASURES[measure];

/** Whether each of its series belongs to one app, whose backend may see it. */
export const isOfApps = (measure: Measure): boolean => declarationOf(measure).labels.includes('app');

/** The state of `queue` that is the age of the oldest waiting job, in seconds. */
export const OLDEST = 'oldest_seconds';
