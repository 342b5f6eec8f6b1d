import { useState } from 'react';
import { useMayChange } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { ToneLabel } from '../../parts/state-label.js';
import { LOOKS } from '../../parts/states.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import { useLiftOptOut, type OptOut, type PersonKey } from './queries.js';
import { ReasonDialog } from './reason-dialog.js';

interface OptOutTableProps {
  readonly person: PersonKey;
  readonly optOuts: readonly OptOut[];
}

/** Opt-outs of the known numbers, and opt-ins after them. */
export function OptOutTable({ person, optOuts }: OptOutTableProps) {
  const [lifted, setLifted] = useState<OptOut>();
  const lift = useLiftOptOut(person);
  const mayChange = useMayChange();
  const { button, title, text, action, done } = words.person.lift;
  if (optOuts.length === 0) return <p className="quiet">{words.person.noOptOuts}</p>;
  const actions: Column<OptOut> = {
    key: 'action',
    heading: words.person.optOutColumns.action,
    hasHiddenHeading: true,
    isNumber: true,
    cell: (row) => row.optedOut && <Button onClick={() => setLifted(row)}>{button}</Button>,
  };
  return (
    <>
      <DataTable
        label={words.person.optOuts}
        columns={mayChange ? [...COLUMNS, actions] : COLUMNS}
        rows={optOuts}
        keyOf={({ phno, changedAt }) => `${phno} ${changedAt}`}
      />
      <ReasonDialog
        isOpen={lifted !== undefined}
        onClose={() => setLifted(undefined)}
        {...{ title, action, done }}
        text={lifted ? text(lifted.phno) : ''}
        onConfirm={async (reason) => {
          if (lifted) await lift.mutateAsync({ phno: lifted.phno, reason });
        }}
      />
    </>
  );
}

const COLUMNS: readonly Column<OptOut>[] = [
  { key: 'number', heading: words.person.optOutColumns.number, cell: ({ phno }) => phno },
  {
    key: 'state',
    heading: words.person.optOutColumns.state,
    cell: ({ optedOut }) =>
      optedOut ? (
        <ToneLabel tone="warn" icon="dash" text={words.person.optedOut} />
      ) : (
        <ToneLabel {...LOOKS.good} text={words.person.optedIn} />
      ),
  },
  {
    key: 'source',
    heading: words.person.optOutColumns.source,
    cell: ({ source, provider }) => {
      const text = words.person.optOutSources[source] ?? source;
      return provider === null ? text : `${text} (${provider})`;
    },
  },
  {
    key: 'changed',
    heading: words.person.optOutColumns.changed,
    isMinor: true,
    cell: ({ changedAt }) => <Time at={changedAt} />,
  },
];
