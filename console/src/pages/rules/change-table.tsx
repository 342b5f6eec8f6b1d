import { DataTable, type Column } from '../../parts/data-table.js';
import { Json } from '../../parts/json.js';
import { More } from '../../parts/more.js';
import { Notice } from '../../parts/notice.js';
import { ToneLabel } from '../../parts/state-label.js';
import { LOOKS } from '../../parts/states.js';
import { words } from '../../words.js';
import { changesBetween, type Change } from './changes.js';
import styles from './rules.module.css';

const text = words.rules;

const valueOf = (value: string | undefined) =>
  value === undefined ? (
    <span className="quiet">{text.nothingHere}</span>
  ) : (
    <span className={styles.value} dir="auto">
      {value}
    </span>
  );

function ChangeLabel({ change: { before, after } }: { readonly change: Change }) {
  if (before === undefined) return <ToneLabel {...LOOKS.good} text={text.added} />;
  if (after === undefined) return <ToneLabel {...LOOKS.bad} text={text.removed} />;
  return <ToneLabel tone="wait" icon="arrow" text={text.changed} />;
}

const COLUMNS: readonly Column<Change>[] = [
  { key: 'field', heading: text.changeColumns.field, cell: ({ field }) => <code>{field}</code> },
  {
    key: 'change',
    heading: text.changeColumns.change,
    cell: (change) => <ChangeLabel change={change} />,
  },
  { key: 'before', heading: text.changeColumns.before, cell: ({ before }) => valueOf(before) },
  { key: 'after', heading: text.changeColumns.after, cell: ({ after }) => valueOf(after) },
];

interface ChangeTableProps {
  readonly before: unknown;
  /** Null: a rule drops the event. */
  readonly after: unknown;
}

/** The fields that the rules change, and the whole event. */
export function ChangeTable({ before, after }: ChangeTableProps) {
  const changes = after === null ? [] : changesBetween(before, after);
  return (
    <>
      {after === null && (
        <Notice tone="warn" icon="warning">
          {text.dropped}
        </Notice>
      )}
      {after !== null && changes.length === 0 && <p className="quiet">{text.unchanged}</p>}
      {changes.length > 0 && (
        <DataTable label={text.changes} columns={COLUMNS} rows={changes} keyOf={({ field }) => field} />
      )}
      <More label={text.wholeEvent}>
        <Json value={after ?? before} label={text.wholeEvent} />
      </More>
    </>
  );
}
