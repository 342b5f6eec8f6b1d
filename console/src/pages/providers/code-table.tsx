import { numberColumn } from '../../parts/columns.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { StateLabel } from '../../parts/state-label.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import type { Provider } from '../../api/providers.js';

const text = words.providers;

type Code = Provider['codes'][number];

const COLUMNS: readonly Column<Code>[] = [
  {
    key: 'outcome',
    heading: text.columns.outcome,
    cell: ({ outcome }) => <StateLabel kind="outcome" state={outcome} />,
  },
  {
    key: 'code',
    heading: text.columns.code,
    cell: ({ code }) => (code === null ? <span className="quiet">{text.noCode}</span> : <code>{code}</code>),
  },
  numberColumn('attempts', text.columns.attempts, ({ attempts }) => attempts),
  { key: 'last', heading: text.columns.last, cell: ({ lastAt }) => <Time at={lastAt} isRelative /> },
];

/** How the vendor answered the last attempts. */
export function CodeTable({ id, codes }: { readonly id: string; readonly codes: readonly Code[] }) {
  if (codes.length === 0) return <p className="quiet">{text.noCodes}</p>;
  return (
    <DataTable
      label={text.codesOf(id)}
      columns={COLUMNS}
      rows={codes}
      keyOf={({ outcome, code }) => `${outcome} ${code}`}
    />
  );
}
