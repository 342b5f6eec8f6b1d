import { useAppId } from '../../api/app-choice.js';
import { useFilters } from '../../api/filters.js';
import { useMayChange } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { formatNumber } from '../../parts/format.js';
import { Empty } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { StateLabel } from '../../parts/state-label.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import { useReplays, type Replay } from './queries.js';
import styles from './replay.module.css';

const text = words.replay;

const COLUMNS: readonly Column<Replay>[] = [
  { key: 'created', heading: text.columns.created, cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    key: 'state',
    heading: text.columns.state,
    cell: ({ state }) => <StateLabel kind="replay" state={state} />,
  },
  { key: 'app', heading: text.columns.app, cell: ({ filter }) => filter.appId, isMinor: true },
  { key: 'sent', heading: text.columns.sent, cell: ({ sent }) => formatNumber(sent), isNumber: true },
  {
    key: 'leftOut',
    heading: text.columns.leftOut,
    cell: ({ leftOut }) => formatNumber(leftOut.reduce((sum, { notifications }) => sum + notifications, 0)),
    isNumber: true,
  },
  {
    key: 'rate',
    heading: text.columns.rate,
    cell: ({ perSecond }) => formatNumber(perSecond),
    isNumber: true,
    isMinor: true,
  },
  { key: 'by', heading: text.columns.by, cell: ({ createdBy }) => createdBy, isMinor: true },
];

/** All replays, newest first; a row opens its replay on this page. */
export function ReplayList() {
  const appId = useAppId();
  const [{ cursor }, change] = useFilters(['cursor']);
  const query = useReplays(appId, cursor);
  const mayChange = useMayChange();
  const hrefOf = ({ id }: Replay): string =>
    `/replay?${new URLSearchParams({ ...(appId !== undefined && { app: appId }), replay: id }).toString()}`;
  return (
    <Section heading={text.list}>
      <QueryView query={query} failure={text.listFailed}>
        {({ data, nextCursor }) => (
          <>
            {data.length === 0 ? (
              <Empty title={text.none}>{mayChange ? text.noneText : text.noneTextViewer}</Empty>
            ) : (
              <DataTable
                label={text.list}
                columns={COLUMNS}
                rows={data}
                keyOf={({ id }) => id}
                hrefOf={hrefOf}
                isStale={query.isPlaceholderData}
              />
            )}
            {(cursor !== undefined || nextCursor !== null) && (
              <div className={styles.actions}>
                {cursor !== undefined && (
                  <Button onClick={() => change({ cursor: undefined })}>{text.newest}</Button>
                )}
                {nextCursor !== null && (
                  <Button onClick={() => change({ cursor: nextCursor })}>{text.older}</Button>
                )}
              </div>
            )}
          </>
        )}
      </QueryView>
    </Section>
  );
}
