import { DataTable } from '../../parts/data-table.js';
import { formatNumber, formatSpan } from '../../parts/format.js';
import type { IconName } from '../../parts/icon.js';
import { ToneLabel } from '../../parts/state-label.js';
import type { Tone } from '../../parts/states.js';
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
        ...numbers.map(([key, heading]) => ({
          key,
          heading,
          cell: (queue: QueueLoad) => formatNumber(queue[key]),
          isNumber: true,
        })),
        {
          key: 'oldest',
          heading: words.queues.oldest,
          cell: ({ oldestSeconds }) => (oldestSeconds === null ? '–' : formatSpan(oldestSeconds * 1_000)),
          isNumber: true,
        },
        {
          key: 'workers',
          heading: words.queues.workers,
          cell: ({ workers }) => formatNumber(workers),
          isNumber: true,
        },
      ]}
    />
  );
}

interface QueueState {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly text: string;
}

/** The worst that is true of a queue. */
function stateOf({ workers, paused, failed, waiting, active }: QueueLoad): QueueState {
  const { states } = words.queues;
  if (workers === 0) return { tone: 'bad', icon: 'cross', text: states.noWorker };
  if (paused) return { tone: 'warn', icon: 'pause', text: states.paused };
  if (failed > 0) return { tone: 'warn', icon: 'warning', text: states.failed };
  if (waiting > 0 || active > 0) return { tone: 'good', icon: 'check', text: states.working };
  return { tone: 'good', icon: 'check', text: states.idle };
}
