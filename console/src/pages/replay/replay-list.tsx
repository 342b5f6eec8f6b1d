import { useAppId } from '../../api/app-choice.js';
import { useFilters } from '../../api/filters.js';
import { pageHref } from '../../api/page-href.js';
import { useMayChange } from '../../api/session.js';
import { numberColumn } from '../../parts/columns.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { Empty } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { Pager } from '../../parts/pager.js';
import { QueryView } from '../../parts/query-view.js';
import { StateLabel } from '../../parts/state-label.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import { useReplays, type Replay } from './queries.js';

const text = words.replay;

const COLUMNS: readonly Column<Replay>[] = [
  { key: 'created', heading: text.columns.created, cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    key: 'state',
    heading: text.columns.state,
    cell: ({ state }) => <StateLabel kind="replay" state={state} />,
  },
  { key: 'app', heading: words.common.app, cell: ({ filter }) => filter.appId, isMinor: true },
  numberColumn('sent', text.columns.sent, ({ sent }) => sent),
  numberColumn('leftOut', text.columns.leftOut, ({ leftOut }) =>
    leftOut.reduce((sum, { notifications }) => sum + notifications, 0),
  ),
  { ...numberColumn('rate', text.columns.rate, ({ perSecond }: Replay) => perSecond), isMinor: true },
  { key: 'by', heading: text.columns.by, cell: ({ createdBy }) => createdBy, isMinor: true },
];

/** All replays, newest first; a row opens its replay on this page. */
export function ReplayList() {
  const appId = useAppId();
  const [{ cursor }] = useFilters(['cursor']);
  const query = useReplays(appId, cursor);
  const mayChange = useMayChange();
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
                hrefOf={({ id }) => pageHref('/replay', appId, { replay: id })}
                isStale={query.isPlaceholderData}
              />
            )}
            <Pager cursor={cursor} nextCursor={nextCursor} />
          </>
        )}
      </QueryView>
    </Section>
  );
}
