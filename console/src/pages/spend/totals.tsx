import type { SpendDay } from '../../api/spend.js';
import { APP, numberColumn } from '../../parts/columns.js';
import { DataTable } from '../../parts/data-table.js';
import { Section } from '../../parts/page.js';
import { words } from '../../words.js';
import { costText, sumOf } from '../../parts/spend/sums.js';
import { COUNTRY, PROVIDER } from './columns.js';

interface Total {
  readonly key: string;
  readonly appId: string;
  readonly provider: string;
  readonly country: string | null;
  readonly days: readonly SpendDay[];
}

/** Sums over the span by app, provider and country, most segments first. */
export function Totals({ days }: { readonly days: readonly SpendDay[] }) {
  return (
    <Section heading={words.spend.totals}>
      <DataTable<Total>
        label={words.spend.totals}
        rows={totalsOf(days)}
        keyOf={({ key }) => key}
        columns={[
          ...[APP, PROVIDER, COUNTRY],
          numberColumn('segments', words.spend.segments, ({ days: of }) => sumOf(of).segments),
          numberColumn('cost', words.spend.cost, ({ days: of }) => costText(sumOf(of)) ?? '–'),
        ]}
      />
    </Section>
  );
}

function totalsOf(days: readonly SpendDay[]): Total[] {
  const totals = new Map<string, Total & { readonly days: SpendDay[] }>();
  for (const day of days) {
    const { appId, provider, country } = day;
    const key = [appId, provider, country].join('\n');
    const total = totals.get(key) ?? { key, appId, provider, country, days: [] };
    total.days.push(day);
    totals.set(key, total);
  }
  return [...totals.values()].toSorted((a, b) => sumOf(b.days).segments - sumOf(a.days).segments);
}
