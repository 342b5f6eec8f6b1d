import { useState } from 'react';
import type { SpendDay } from '../../api/spend.js';
import { Button } from '../../parts/button.js';
import { DataTable } from '../../parts/data-table.js';
import { formatNumber } from '../../parts/format.js';
import { Section } from '../../parts/page.js';
import { words } from '../../words.js';
import { costOf } from '../../parts/spend/sums.js';

const PAGE_SIZE = 50;

/** Each day with its providers and countries, newest first. */
export function DayTable({ days }: { readonly days: readonly SpendDay[] }) {
  const [shown, setShown] = useState(PAGE_SIZE);
  return (
    <Section heading={words.spend.byDay}>
      <DataTable
        label={words.spend.byDay}
        rows={days.slice(0, shown)}
        keyOf={({ day, appId, provider, country, currency }) =>
          [day, appId, provider, country, currency].join('\n')
        }
        columns={[
          { key: 'day', heading: words.spend.day, cell: ({ day }) => words.spend.dayOf(day) },
          { key: 'app', heading: words.common.app, cell: ({ appId }) => appId },
          { key: 'provider', heading: words.spend.provider, cell: ({ provider }) => provider },
          {
            key: 'country',
            heading: words.spend.country,
            cell: ({ country }) => words.spend.countryOf(country),
          },
          {
            key: 'segments',
            heading: words.spend.segments,
            cell: ({ segments }) => formatNumber(segments),
            isNumber: true,
          },
          { key: 'cost', heading: words.spend.cost, cell: costOf, isNumber: true },
        ]}
      />
      {shown < days.length && (
        <div>
          <Button onClick={() => setShown(shown + PAGE_SIZE)}>{words.common.more}</Button>
        </div>
      )}
    </Section>
  );
}
