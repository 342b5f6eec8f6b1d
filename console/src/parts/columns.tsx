import type { Dto } from '../api/client.js';
import { wordOf, words } from '../words.js';
import styles from './columns.module.css';
import type { Column } from './data-table.js';
import { formatNumber, formatSpan } from './format.js';
import { StateLabel } from './state-label.js';
import { Time } from './time.js';

const text = words.columns;

/** A column of numbers, or of texts such as prices. */
export const numberColumn = <Row,>(
  key: string,
  heading: string,
  valueOf: (row: Row) => number | string,
): Column<Row> => ({
  ...{ key, heading, isNumber: true },
  cell: (row) => {
    const value = valueOf(row);
    return typeof value === 'number' ? formatNumber(value) : value;
  },
});

/** A name of any length and direction. */
function Name({ name }: { readonly name: string }) {
  return (
    <bdi className={styles.name} title={name}>
      {name}
    </bdi>
  );
}

export const APP: Column<{ readonly appId: string }> = {
  ...{ key: 'app', heading: text.app },
  cell: ({ appId }) => <Name name={appId} />,
};

export const UID: Column<{ readonly uid: string }> = {
  ...{ key: 'uid', heading: text.uid },
  cell: ({ uid }) => <Name name={uid} />,
};

type Notification = Dto<'NotificationDto'>;

export const RECEIVED: Column<Pick<Notification, 'receivedAt' | 'kind' | 'uid'>> = {
  ...{ key: 'received', heading: text.received },
  // It names the row's link.
  cell: ({ receivedAt, kind, uid }) => (
    <>
      <Time at={receivedAt} />
      <span className="visually-hidden">{text.rowName(wordOf('kinds', kind), uid)}</span>
    </>
  ),
};

export const STATUS: Column<Pick<Notification, 'status'>> = {
  ...{ key: 'status', heading: text.status },
  cell: ({ status }) => <StateLabel kind="status" state={status} />,
};

export const KIND: Column<Pick<Notification, 'kind'>> = {
  ...{ key: 'kind', heading: text.kind },
  cell: ({ kind }) => <span className={styles.whole}>{wordOf('kinds', kind)}</span>,
};

/** The first reason; of more, how many. */
export const REASON: Column<Pick<Notification, 'reason' | 'deliveries'>> = {
  ...{ key: 'reason', heading: text.reason },
  cell: ({ reason, deliveries }) => {
    const [first, ...others] = distinct([reason, ...deliveries.map((delivery) => delivery.reason)]);
    if (first === undefined) return null;
    const word = wordOf('reasons', first);
    return (
      <span className={styles.reason}>
        {others.length === 0 ? word : `${word}, ${text.moreReasons(others.length)}`}
      </span>
    );
  },
};

export const CHANNEL: Column<Pick<Notification, 'channel'>> = {
  ...{ key: 'channel', heading: text.channel, isMinor: true },
  cell: ({ channel }) => wordOf('channels', channel),
};

export const PROVIDERS: Column<Pick<Notification, 'deliveries'>> = {
  ...{ key: 'providers', heading: text.providers, isMinor: true },
  cell: ({ deliveries }) => (
    <Name
      name={distinct(
        deliveries.flatMap(({ provider, attempts }) => [provider, ...attempts.map((one) => one.provider)]),
      ).join(', ')}
    />
  ),
};

export const SOURCE: Column<Pick<Notification, 'source'>> = {
  ...{ key: 'source', heading: text.source, isMinor: true },
  cell: ({ source }) => source !== null && wordOf('sources', source),
};

export const ATTEMPTS: Column<Pick<Notification, 'deliveries'>> = {
  ...numberColumn('attempts', text.attempts, ({ deliveries }) =>
    deliveries.reduce((sum, { attempts }) => sum + attempts.length, 0),
  ),
  isMinor: true,
};

export const TOOK: Column<Pick<Notification, 'receivedAt' | 'settledAt'>> = {
  ...numberColumn('took', text.took, ({ receivedAt, settledAt }) =>
    settledAt === null ? text.waiting : formatSpan(Date.parse(settledAt) - Date.parse(receivedAt)),
  ),
  isMinor: true,
};

function distinct(values: readonly (string | null | undefined)[]): string[] {
  return [...new Set(values.filter((value) => typeof value === 'string'))];
}
