import type { Spend, SpendDay } from '../../api/spend.js';
import { Chart } from '../../parts/chart/chart.js';
import { Section } from '../../parts/page.js';
import { words } from '../../words.js';

const DAY_MS = 86_400_000;
/** Countries with a layer of their own. */
const MOST_COUNTRIES = 6;

/** Segments per day, by country. A single day makes no chart. */
export function SpendChart({ spend }: { readonly spend: Spend }) {
  const days = daysOf(spend);
  if (days.length < 2) return null;
  const times = days.map((day) => Date.parse(day) / 1_000);
  return (
    <Section heading={words.spend.overTime} isPanel>
      <Chart title={words.spend.segmentsPerDay} look="stacked" times={times} series={layersOf(spend, days)} />
    </Section>
  );
}

function layersOf({ days: rows }: Spend, days: readonly string[]) {
  const totals = new Map<string | null, number>();
  for (const { country, segments } of rows) totals.set(country, (totals.get(country) ?? 0) + segments);
  const countries = [...totals].toSorted(([, a], [, b]) => b - a).map(([country]) => country);
  const named = countries.length > MOST_COUNTRIES + 1 ? countries.slice(0, MOST_COUNTRIES) : countries;
  const layer = (label: string, isOfLayer: (row: SpendDay) => boolean) => ({
    label,
    values: days.map((day) =>
      rows
        .filter((row) => row.day === day && isOfLayer(row))
        .reduce((sum, { segments }) => sum + segments, 0),
    ),
  });
  const layers = named.map((country) =>
    layer(words.spend.countryOf(country), (row) => row.country === country),
  );
  if (named.length === countries.length) return layers;
  return [...layers, layer(words.spend.otherCountries, ({ country }) => !named.includes(country))];
}

/** Every day of the span, such as 2026-03-01. */
function daysOf({ from, to }: Spend): string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
  return Array.from({ length: count }, (_, index) =>
    new Date(Date.parse(from) + index * DAY_MS).toISOString().slice(0, 10),
  );
}
