/** Labels and unit of the series of a measure. */
export interface MeasureDeclaration {
  readonly labels: readonly string[];
  /** Labels without which values cannot be added up. They are kept even if a request does not name them. */
  readonly kept?: readonly string[];
  /** Stored in millionths. */
  readonly isAmount?: true;
}

/** Everything that is tallied. Those without the label `app` are of all apps, and for operators only. */
export const MEASURES = {
  webhooks: { labels: ['route', 'answer'] },
  attempts: { labels: ['app', 'channel', 'provider', 'outcome'] },
  deliveries: { labels: ['app', 'channel', 'status', 'reason'] },
  latency: { labels: ['channel', 'kind'] },
  queue: { labels: ['queue', 'state'], kept: ['state'] },
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
