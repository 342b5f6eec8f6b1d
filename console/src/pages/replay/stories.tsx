import { pageHref } from '../../api/page-href.js';
import { Buttons, LinkButton } from '../../parts/button.js';
import { KIND, RECEIVED, STATUS, UID } from '../../parts/columns.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { QueryView } from '../../parts/query-view.js';
import { words } from '../../words.js';
import { useStories, type Notification, type ReplayDetails } from './queries.js';
import styles from './replay.module.css';

const text = words.replay;

const COLUMNS: readonly Column<Notification>[] = [
  { ...RECEIVED, heading: text.sentAgain },
  STATUS,
  UID,
  { ...KIND, isMinor: true },
];

/** The notifications that it sent, each with the link to its story. */
export function Stories({ replay }: { readonly replay: ReplayDetails }) {
  const query = useStories(replay);
  const list = pageHref('/notifications', replay.filter.appId, { replayId: replay.id });
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
              <Buttons>
                <LinkButton href={list}>{text.allStories}</LinkButton>
              </Buttons>
            </>
          )
        }
      </QueryView>
    </div>
  );
}
