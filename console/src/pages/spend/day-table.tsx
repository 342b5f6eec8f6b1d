import { useState } from 'react';
import type { SpendDay } from '../../api/spend.js';
import { Button } from '../../parts/button.js';
import { APP, numberColumn } from '../../parts/columns.js';
import { DataTable } from '../../parts/data-table.js';
import { Section } from '../../parts/page.js';
import { words } from '../../words.js';
import { costOf } from '../../parts/spend/sums.js';
import { COUNTRY, PROVIDER, SEGMENTS } from './columns.js';

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
          ...[APP, PROVIDER, COUNTRY, SEGMENTS],
          numberColumn('cost', words.spend.cost, costOf),
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
