import type { Series, Stats } from '../../api/stats.js';
import type { ChartData, ChartSeries } from '../../parts/chart/chart-data.js';
import { stateWord, words } from '../../words.js';

/** Data of one chart of several, with the labels that its series share. */
export interface Plot extends ChartData {
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The statistics that the overview requests. */
export const ASKED = {
  measures: ['webhooks', 'attempts', 'latency', 'queue', 'spool', 'retired'],
  by: ['answer', 'channel', 'provider', 'outcome', 'kind', 'queue', 'result', 'reason'],
} as const;

/** Order and colour of an account's outcomes. */
const OUTCOMES: Readonly<Record<string, number>> = {
  accepted: 1,
  refused: 5,
  unavailable: 3,
  over_quota: 6,
  misconfigured: 4,
  unknown: 7,
  error: 2,
};
const ANSWER_COLORS: Readonly<Record<string, number>> = { accepted: 1, duplicate: 2 };
const FAILED_COLOR = 5;
/** Queues of notifications, in the order in which one passes them; others are shown when they hold jobs. */
const QUEUES = ['push', 'calls', 'sms'];
const MINUTES_PER_HOUR = 60;

/** Webhooks per minute, by answer. */
export function webhookPlot(stats: Stats): ChartData {
  const series = of(stats, 'webhooks').map(({ labels: { answer = '' }, values }) => ({
    label: words.overview.answers[answer] ?? words.overview.refusedWith(answer),
    color: ANSWER_COLORS[answer] ?? FAILED_COLOR,
    values: perMinute(stats, values),
  }));
  return dataOf(stats, ended(stats, distinctColors(series)));
}

/** Attempts per minute, by outcome: one plot per account. */
export function outcomePlots(stats: Stats): Plot[] {
  return grouped(of(stats, 'attempts'), ['channel', 'provider']).map(({ key, labels, members }) => {
    const order = Object.keys(OUTCOMES);
    const series = members
      .toSorted((a, b) => order.indexOf(a.labels['outcome'] ?? '') - order.indexOf(b.labels['outcome'] ?? ''))
      .map(({ labels: { outcome = '' }, values }) => ({
        label: stateWord('outcome', outcome),
        ...(OUTCOMES[outcome] !== undefined && { color: OUTCOMES[outcome] }),
        values: perMinute(stats, values),
      }));
    return { key, labels, ...dataOf(stats, ended(stats, series)) };
  });
}

/** Seconds from webhook to vendor, by quantile: one plot per channel and kind, rings first. */
export function latencyPlots(stats: Stats): Plot[] {
  return grouped(of(stats, 'latency'), ['channel', 'kind'])
    .map(({ key, labels, members }) => {
      const series = members.map(({ labels: { quantile = '' }, values }) => ({
        label: words.overview.quantile(Number(quantile) * 100),
        values,
      }));
      return { key, labels, ...dataOf(stats, series) };
    })
    .toSorted((a, b) => Number(isOfRings(b.labels)) - Number(isOfRings(a.labels)));
}

/** Whether a plot of latency is of calls, which must ring within a second. */
export const isOfRings = (labels: Plot['labels']): boolean => labels['kind'] === 'call';

/** Jobs, or the age of the oldest in seconds, by queue. */
export function queuePlot(stats: Stats, state: 'waiting' | 'oldest_seconds'): ChartData {
  const found = of(stats, 'queue').filter(({ labels }) => labels['state'] === state);
  const shown = found.filter(
    ({ labels, values }) =>
      QUEUES.includes(labels['queue'] ?? '') || values.some((value) => value !== null && value > 0),
  );
  const place = ({ labels }: Series): number => {
    const index = QUEUES.indexOf(labels['queue'] ?? '');
    return index === -1 ? QUEUES.length : index;
  };
  const series = shown
    .toSorted((a, b) => place(a) - place(b))
    .map(({ labels, values }) => ({ label: labels['queue'] ?? '', values }));
  return dataOf(stats, series);
}

/** Events per minute that went into the spool and left it. */
export function spoolPlot(stats: Stats): ChartData {
  const series = of(stats, 'spool').map(({ labels: { result = '' }, values }) => ({
    label: words.overview.spoolResults[result] ?? result,
    values: perMinute(stats, values),
  }));
  return dataOf(stats, series);
}

/** Retired devices per hour, by reason. */
export function retiredPlot(stats: Stats): ChartData {
  const series = of(stats, 'retired').map(({ labels: { reason = '' }, values }) => ({
    label: words.overview.retiredReasons[reason] ?? reason,
    values: perMinute(stats, values).map((value) => (value === null ? null : value * MINUTES_PER_HOUR)),
  }));
  return dataOf(stats, ended(stats, series));
}

/** Whether anything was counted. */
export const hasCounts = (stats: Stats): boolean =>
  stats.series.some(
    ({ measure, values }) => measure !== 'queue' && values.some((value) => value !== null && value > 0),
  );

const of = (stats: Stats, measure: Series['measure']): Series[] =>
  stats.series.filter((series) => series.measure === measure);

const dataOf = ({ times }: Stats, series: readonly ChartSeries[]): ChartData => ({
  times: times.map((time) => Date.parse(time) / 1_000),
  series,
});

interface Group {
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly members: Series[];
}

function grouped(series: readonly Series[], by: readonly string[]): Group[] {
  const groups = new Map<string, Group>();
  for (const one of series) {
    const labels = Object.fromEntries(by.map((name) => [name, one.labels[name] ?? '']));
    const key = Object.values(labels).join(' ');
    const group = groups.get(key) ?? { key, labels, members: [] };
    group.members.push(one);
    groups.set(key, group);
  }
  return [...groups.values()].toSorted((a, b) => a.key.localeCompare(b.key));
}

/** Rates per minute. The last step may still go on: it counts only the time that has passed, at least a minute. */
function perMinute({ times, stepSeconds }: Stats, values: Series['values']): (number | null)[] {
  const nowMs = Date.now();
  return values.map((value, index) => {
    if (value === null) return null;
    const passedSeconds = (nowMs - Date.parse(times[index] ?? '')) / 1_000;
    return value / (Math.max(60, Math.min(stepSeconds, passedSeconds)) / 60);
  });
}

/** Without a minute that has just begun, while it counts less than the one before: that is no fall yet. */
function ended({ times }: Stats, series: readonly ChartSeries[]): readonly ChartSeries[] {
  const last = times.length - 1;
  const totalAt = (index: number) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0);
  const isNew = Date.now() - Date.parse(times[last] ?? '') < 60_000;
  if (!isNew || totalAt(last) >= totalAt(last - 1)) return series;
  return series.map((one) => ({ ...one, values: one.values.with(last, null) }));
}

/** Several series with the same meaning get colours of their own. */
function distinctColors(series: readonly (ChartSeries & { readonly color: number })[]): ChartSeries[] {
  const used = new Set<number>();
  return series.map((one) => {
    const free = [one.color, 3, 4, 6, 7, 2].find((color) => !used.has(color)) ?? one.color;
    used.add(free);
    return { ...one, color: free };
  });
}
