import type { Column } from '../../parts/data-table.js';
import { formatNumber, formatSpan } from '../../parts/format.js';
import { StateLabel } from '../../parts/state-label.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import type { Row } from './queries.js';
import styles from './notifications.module.css';

const { columns, rowName, moreReasons, waiting } = words.notifications;

/** @param hasApps whether the rows may belong to several apps */
export function columnsOf(hasApps: boolean): Column<Row>[] {
  return [
    { key: 'received', heading: columns.received, cell: received },
    {
      key: 'status',
      heading: columns.status,
      cell: ({ status }) => <StateLabel kind="status" state={status} />,
    },
    { key: 'uid', heading: columns.uid, cell: ({ uid }) => <Name name={uid} /> },
    {
      key: 'kind',
      heading: columns.kind,
      cell: ({ kind }) => <span className={styles.word}>{words.kinds[kind] ?? kind}</span>,
    },
    { key: 'reason', heading: columns.reason, cell: reasonOf },
    ...(hasApps
      ? [{ key: 'app', heading: columns.app, isMinor: true, cell: ({ appId }: Row) => <Name name={appId} /> }]
      : []),
    {
      key: 'channel',
      heading: columns.channel,
      isMinor: true,
      cell: ({ channel }) => words.channels[channel] ?? channel,
    },
    {
      key: 'providers',
      heading: columns.providers,
      isMinor: true,
      cell: (row) => <Name name={providersOf(row)} />,
    },
    {
      ...{ key: 'attempts', heading: columns.attempts, isMinor: true, isNumber: true },
      cell: ({ deliveries }) =>
        formatNumber(deliveries.reduce((sum, { attempts }) => sum + attempts.length, 0)),
    },
    { key: 'took', heading: columns.took, isMinor: true, isNumber: true, cell: tookOf },
  ];
}

/** A name of any length and direction. */
function Name({ name }: { readonly name: string }) {
  return (
    <bdi className={styles.name} title={name}>
      {name}
    </bdi>
  );
}

function received({ receivedAt, kind, uid }: Row) {
  return (
    <>
      <Time at={receivedAt} />
      <span className="visually-hidden">{rowName(words.kinds[kind] ?? kind, uid)}</span>
    </>
  );
}

function reasonOf({ reason: own, deliveries }: Row) {
  const [first, ...others] = distinct([own, ...deliveries.map(({ reason }) => reason)]);
  if (first === undefined) return null;
  const word = words.reasons[first] ?? first;
  const text = others.length === 0 ? word : `${word}, ${moreReasons(others.length)}`;
  return <span className={styles.reason}>{text}</span>;
}

function providersOf({ deliveries }: Row): string {
  return distinct(
    deliveries.flatMap(({ provider, attempts }) => [provider, ...attempts.map((one) => one.provider)]),
  ).join(', ');
}

function distinct(values: readonly (string | null | undefined)[]): string[] {
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}

const tookOf = ({ receivedAt, settledAt }: Row): string =>
  settledAt === null ? waiting : formatSpan(Date.parse(settledAt) - Date.parse(receivedAt));
