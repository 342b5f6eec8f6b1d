import { LinkButton } from '../../parts/button.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { QueryView } from '../../parts/query-view.js';
import { StateLabel } from '../../parts/state-label.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import { useStories, type Notification, type ReplayDetails } from './queries.js';
import styles from './replay.module.css';

const text = words.replay;

const COLUMNS: readonly Column<Notification>[] = [
  { key: 'at', heading: text.storyColumns.at, cell: ({ receivedAt }) => <Time at={receivedAt} /> },
  {
    key: 'status',
    heading: text.storyColumns.status,
    cell: ({ status }) => <StateLabel kind="status" state={status} />,
  },
  {
    key: 'uid',
    heading: text.storyColumns.uid,
    cell: ({ uid }) => (
      <span className={styles.uid} dir="auto">
        {uid}
      </span>
    ),
  },
  {
    key: 'kind',
    heading: text.storyColumns.kind,
    cell: ({ kind }) => words.kinds[kind] ?? kind,
    isMinor: true,
  },
];

/** The notifications that it sent, each with the link to its story. */
export function Stories({ replay }: { readonly replay: ReplayDetails }) {
  const query = useStories(replay);
  const list = new URLSearchParams({ app: replay.filter.appId, replayId: replay.id }).toString();
  return (
    <div className={styles.stories}>
      <h3>{text.stories}</h3>
      <QueryView query={query} failure={text.storiesFailed}>
        {({ data }) =>
          data.length > 0 && (
            <>
              <DataTable
                label={text.stories}
                columns={COLUMNS}
                rows={data}
                keyOf={({ id }) => id}
                hrefOf={({ id }) => `/notifications/${id}`}
                isStale={query.isPlaceholderData}
              />
              <div className={styles.actions}>
                <LinkButton href={`/notifications?${list}`}>{text.allStories}</LinkButton>
              </div>
            </>
          )
        }
      </QueryView>
    </div>
  );
}
