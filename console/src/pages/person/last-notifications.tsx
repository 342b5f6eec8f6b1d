import { LinkButton } from '../../parts/button.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { Empty } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { StateLabel } from '../../parts/state-label.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import { reasonText } from './device-names.js';
import { useLastNotifications, type Notification, type PersonKey } from './queries.js';

const { columns, heading, failed, none, noneText, all } = words.person.notifications;

/** The newest notifications; each leads to its story. */
export function LastNotifications({ person }: { readonly person: PersonKey }) {
  const query = useLastNotifications(person);
  const list = `/notifications?${new URLSearchParams({ app: person.appId, uid: person.uid })}`;
  return (
    <Section heading={heading} actions={<LinkButton href={list}>{all}</LinkButton>}>
      <QueryView query={query} failure={failed}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title={none}>{noneText}</Empty>
          ) : (
            <DataTable
              label={heading}
              columns={COLUMNS}
              rows={data}
              keyOf={({ id }) => id}
              hrefOf={({ id }) => `/notifications/${id}`}
            />
          )
        }
      </QueryView>
    </Section>
  );
}

const COLUMNS: readonly Column<Notification>[] = [
  { key: 'received', heading: columns.received, cell: ({ receivedAt }) => <Time at={receivedAt} /> },
  {
    key: 'kind',
    heading: columns.kind,
    cell: ({ kind, channel }) => (channel === kind ? wordOf(kind) : `${wordOf(kind)}, ${channelOf(channel)}`),
  },
  {
    key: 'status',
    heading: columns.status,
    cell: ({ status }) => <StateLabel kind="status" state={status} />,
  },
  {
    key: 'reason',
    heading: columns.reason,
    cell: ({ reason, deliveries }) => {
      const reasons = [reason, ...deliveries.map((delivery) => delivery.reason)];
      return distinct(reasons).map(reasonText).join('; ');
    },
  },
  {
    key: 'providers',
    heading: columns.providers,
    isMinor: true,
    cell: ({ deliveries }) => distinct(deliveries.map(({ provider }) => provider)).join(', '),
  },
  {
    key: 'source',
    heading: columns.source,
    isMinor: true,
    cell: ({ source }) => (source === null ? null : (words.sources[source] ?? source)),
  },
];

const wordOf = (kind: string): string => words.kinds[kind] ?? kind;
const channelOf = (channel: string): string => words.channels[channel] ?? channel;

const distinct = (values: readonly (string | null | undefined)[]): string[] => [
  ...new Set(values.filter((value) => value !== null && value !== undefined)),
];
