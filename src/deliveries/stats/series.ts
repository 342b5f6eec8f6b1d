import { canonicalJson } from '../../domain/canonical-json.js';
import { JOB_STATES } from '../../queue/queue-load.js';
import { QUEUES } from '../../queue/jobs.js';
import { declarationOf, MEASURE_NAMES, OLDEST, type Measure } from '../tallies/measures.js';
import type { StoredSeries } from '../tallies/tally.sql.js';
import { bucketOf, quantile } from './quantile.js';

/** One line of a plot. */
export interface Series {
  readonly measure: Measure;
  readonly labels: Readonly<Record<string, string>>;
  /** One per step; null: there is no value. */
  readonly values: readonly (number | null)[];
}

const QUANTILES = [0.5, 0.95, 0.99] as const;
const MICROS = 1_000_000;

type LabelledSeries = StoredSeries & { readonly measure: Measure };

/** A queue has no row while it is empty. */
const EMPTY_QUEUES: readonly LabelledSeries[] = QUEUES.flatMap((queue) =>
  [...JOB_STATES, OLDEST].map((state) => ({
    measure: 'queue',
    appId: '',
    labels: canonicalJson({ queue, state }),
    steps: [],
    values: [],
  })),
);

const boundsOf = (measure: Measure): readonly number[] => declarationOf(measure).buckets ?? [];
const isBucketed = (measure: Measure): boolean => declarationOf(measure).buckets !== undefined;

/** Stored series that differ only in labels that are left out. */
interface Group {
  readonly measure: Measure;
  readonly labels: Readonly<Record<string, string>>;
  readonly members: { readonly stored: StoredSeries; readonly labels: Readonly<Record<string, string>> }[];
}

/**
 * Combines stored series into those of an answer.
 *
 * @param by labels to keep; unset: all.
 * @param steps number of steps.
 */
export function toSeries(
  stored: readonly StoredSeries[],
  by: ReadonlySet<string> | undefined,
  steps: number,
): Series[] {
  const { series, sampled } = withQueues(stored);
  return [...groupsOf(series, by)]
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([, group]) => group)
    .toSorted((a, b) => MEASURE_NAMES.indexOf(a.measure) - MEASURE_NAMES.indexOf(b.measure))
    .flatMap((group) =>
      isBucketed(group.measure) ? quantilesOf(group, steps) : [seriesOf(group, steps, sampled)],
    );
}

/** The series of an answer, and the steps in which the queues were sampled. */
function withQueues(stored: readonly StoredSeries[]): { series: LabelledSeries[]; sampled: Set<number> } {
  const series = stored.filter((one): one is LabelledSeries => one.measure !== 'queue_sample');
  const sampled = new Set(
    stored.filter((one) => one.measure === 'queue_sample').flatMap(({ steps }) => steps),
  );
  return { series: sampled.size === 0 ? series : [...series, ...EMPTY_QUEUES], sampled };
}

function groupsOf(
  stored: readonly LabelledSeries[],
  by: ReadonlySet<string> | undefined,
): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const series of stored) {
    const { measure, appId } = series;
    const labels = { app: appId, ...(JSON.parse(series.labels) as Record<string, string>) };
    const kept = keptLabels(measure, labels, by);
    const key = canonicalJson([measure, kept]);
    const group = groups.get(key) ?? { measure, labels: kept, members: [] };
    group.members.push({ stored: series, labels });
    groups.set(key, group);
  }
  return groups;
}

function keptLabels(
  measure: Measure,
  labels: Readonly<Record<string, string>>,
  by: ReadonlySet<string> | undefined,
): Record<string, string> {
  const { labels: known, kept = [] } = declarationOf(measure);
  const names = known.filter((name) => by === undefined || by.has(name) || kept.includes(name));
  return Object.fromEntries(names.map((name) => [name, labels[name] ?? '']));
}

function seriesOf({ measure, labels, members }: Group, steps: number, sampled: ReadonlySet<number>): Series {
  const { isAmount } = declarationOf(measure);
  const isMissing = (step: number): boolean => measure === 'queue' && !sampled.has(step);
  const values: (number | null)[] = Array.from({ length: steps }, (_, step) => (isMissing(step) ? null : 0));
  // Ages do not add up: the oldest job of several queues is the oldest of all.
  const combine = labels['state'] === OLDEST ? Math.max : (a: number, b: number): number => a + b;
  for (const { stored } of members) {
    for (const [index, step] of stored.steps.entries())
      values[step] = combine(values[step] ?? 0, stored.values[index] ?? 0);
  }
  const divisor = isAmount ? MICROS : 1;
  return { measure, labels, values: values.map((value) => (value === null ? null : value / divisor)) };
}

function quantilesOf({ measure, labels, members }: Group, steps: number): Series[] {
  const bounds = boundsOf(measure);
  const perStep: number[][] = Array.from({ length: steps }, () =>
    Array.from({ length: bounds.length + 1 }, () => 0),
  );
  for (const { stored, labels: own } of members) {
    const bucket = bucketOf(bounds, own['le']);
    for (const [index, step] of stored.steps.entries()) {
      const counts = perStep[step];
      if (counts) counts[bucket] = (counts[bucket] ?? 0) + (stored.values[index] ?? 0);
    }
  }
  return QUANTILES.map((q) => ({
    measure,
    labels: { ...labels, quantile: String(q) },
    values: perStep.map((counts) => quantile(q, bounds, counts)),
  }));
}
