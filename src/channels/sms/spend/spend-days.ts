import { canonicalJson } from '../../../domain/canonical-json.js';
import type { StoredSeries } from '../../../deliveries/tallies/tally.sql.js';

/** SMS of one day (UTC) through one provider to one country. */
export interface SpendDay {
  /** Such as 2026-03-01. */
  readonly day: string;
  readonly appId: string;
  readonly provider: string;
  /** ISO 3166-1 alpha-2; null: a number without country. */
  readonly country: string | null;
  readonly segments: number;
  /** In `currency`; null: no price is configured. */
  readonly cost: number | null;
  readonly currency: string | null;
}

interface Route {
  readonly day: string;
  readonly appId: string;
  readonly provider: string;
  readonly country: string | null;
}

interface Spent {
  readonly route: Route;
  segments: number;
  /** In millionths, by currency. */
  readonly costs: Map<string, number>;
}

const MS_PER_DAY = 86_400_000;
const MICROS = 1_000_000;

/**
 * Joins the tallies of segments and cost, newest day first.
 *
 * @param stored series in steps of days from `from` on.
 */
export function spendDays(stored: readonly StoredSeries[], from: Date): SpendDay[] {
  const spent = new Map<string, Spent>();
  for (const { measure, appId, labels, steps, values } of stored) {
    const {
      provider = '',
      country = '',
      currency = '',
    } = JSON.parse(labels) as Partial<Record<string, string>>;
    for (const [index, step] of steps.entries()) {
      const day = new Date(from.getTime() + step * MS_PER_DAY).toISOString().slice(0, 10);
      const entry = entryOf(spent, { day, appId, provider, country: country === '' ? null : country });
      const value = values[index] ?? 0;
      if (measure === 'sms_segments') entry.segments += value;
      else entry.costs.set(currency, (entry.costs.get(currency) ?? 0) + value);
    }
  }
  return [...spent.values()].flatMap(daysOf).toSorted(newestFirst);
}

function entryOf(spent: Map<string, Spent>, route: Route): Spent {
  const key = canonicalJson(route);
  const entry = spent.get(key) ?? { route, segments: 0, costs: new Map<string, number>() };
  spent.set(key, entry);
  return entry;
}

/** One line; on a day on which the currency changed, one per currency, and the first has the segments. */
function daysOf({ route, segments, costs }: Spent): SpendDay[] {
  if (costs.size === 0) return [{ ...route, segments, cost: null, currency: null }];
  return [...costs].map(([currency, micros], index) => ({
    ...route,
    segments: index === 0 ? segments : 0,
    cost: micros / MICROS,
    currency,
  }));
}

function newestFirst(a: SpendDay, b: SpendDay): number {
  const text = ({ appId, provider, country }: SpendDay): string =>
    [appId, provider, country ?? ''].join('\n');
  if (a.day !== b.day) return a.day < b.day ? 1 : -1;
  return text(a) < text(b) ? -1 : Number(text(a) > text(b));
}

const COLUMNS = ['day', 'appId', 'provider', 'country', 'segments', 'cost', 'currency'] as const;

/** A table in the form of RFC 4180, with a header. */
export function toCsv(days: readonly SpendDay[]): string {
  const lines = days.map((day) => COLUMNS.map((column) => field(day[column])));
  return [[...COLUMNS], ...lines].map((line) => `${line.join(',')}\r\n`).join('');
}

function field(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
