import type { ReactNode } from 'react';
import type { Provider } from '../../api/providers.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { formatNumber, formatPercent, formatSpan } from '../../parts/format.js';
import { StateLabel } from '../../parts/state-label.js';
import { words } from '../../words.js';

const text = words.providers;

type Sums = Provider['lastHour'];

interface Line {
  readonly key: string;
  readonly name: ReactNode;
  readonly of: (sums: Sums) => string;
}

const NONE = '–';
const ALL: Line = {
  key: 'all',
  name: text.allAttempts,
  of: ({ attempts }) => formatNumber(attempts),
};
const P95: Line = {
  key: 'p95',
  name: text.p95,
  of: ({ p95Seconds }) => (p95Seconds === null ? NONE : formatSpan(p95Seconds * 1_000)),
};

/** How many attempts there were, what part of them ended how, and how long they took. */
export function AttemptTable({ id, lastHour, lastDay }: Pick<Provider, 'id' | 'lastHour' | 'lastDay'>) {
  const outcomes = new Set([...lastDay.outcomes, ...lastHour.outcomes].map(({ outcome }) => outcome));
  const lines = [ALL, ...[...outcomes].map(lineOf), P95];
  const column = (key: string, heading: string, sums: Sums): Column<Line> => ({
    ...{ key, heading, isNumber: true },
    cell: ({ of }) => of(sums),
  });
  return (
    <DataTable
      label={text.attemptsOf(id)}
      columns={[
        { key: 'name', heading: text.attempts, cell: ({ name }) => name },
        column('hour', text.lastHour, lastHour),
        column('day', text.lastDay, lastDay),
      ]}
      rows={lastDay.attempts + lastHour.attempts > 0 ? lines : [ALL]}
      keyOf={({ key }) => key}
    />
  );
}

const lineOf = (outcome: string): Line => ({
  key: outcome,
  name: <StateLabel kind="outcome" state={outcome} />,
  of: ({ outcomes }) => {
    const found = outcomes.find((one) => one.outcome === outcome);
    return found ? formatPercent(found.share) : NONE;
  },
});
