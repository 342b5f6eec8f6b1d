import { numberColumn } from '../../parts/columns.js';
import { DataTable } from '../../parts/data-table.js';
import { formatSpan } from '../../parts/format.js';
import { ToneLabel } from '../../parts/state-label.js';
import { LOOKS, type Look } from '../../parts/states.js';
import { words } from '../../words.js';
import type { QueueLoad } from './queries.js';
import styles from './queues.module.css';

export function QueueTable({ queues }: { readonly queues: readonly QueueLoad[] }) {
  const numbers = [
    ['waiting', words.queues.waiting],
    ['active', words.queues.active],
    ['delayed', words.queues.delayed],
    ['failed', words.queues.deadLetters],
  ] as const;
  return (
    <DataTable<QueueLoad>
      label={words.pages.queues}
      rows={queues}
      keyOf={({ name }) => name}
      columns={[
        {
          key: 'name',
          heading: words.queues.name,
          cell: ({ name }) => <code className={styles.name}>{name}</code>,
        },
        {
          key: 'holds',
          heading: words.queues.holds,
          cell: ({ name }) => words.queues.contents[name] ?? '',
          isMinor: true,
        },
        { key: 'state', heading: words.queues.state, cell: (queue) => <ToneLabel {...stateOf(queue)} /> },
        ...numbers.map(([key, heading]) => numberColumn(key, heading, (queue: QueueLoad) => queue[key])),
        numberColumn('oldest', words.queues.oldest, ({ oldestSeconds }) =>
          oldestSeconds === null ? '–' : formatSpan(oldestSeconds * 1_000),
        ),
        numberColumn('workers', words.queues.workers, ({ workers }) => workers),
      ]}
    />
  );
}

/** The worst that is true of a queue. */
function stateOf({ workers, paused, failed, waiting, active }: QueueLoad): Look & { readonly text: string } {
  const { states } = words.queues;
  if (workers === 0) return { ...LOOKS.bad, text: states.noWorker };
  if (paused) return { ...LOOKS.paused, text: states.paused };
  if (failed > 0) return { ...LOOKS.warning, text: states.failed };
  return { ...LOOKS.good, text: waiting > 0 || active > 0 ? states.working : states.idle };
}
