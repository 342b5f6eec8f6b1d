import { useApps } from '../../api/app-choice.js';
import { useFilters } from '../../api/filters.js';
import { Button, LinkButton } from '../../parts/button.js';
import { DataTable } from '../../parts/data-table.js';
import { Empty } from '../../parts/notice.js';
import { Page } from '../../parts/page.js';
import { Pager } from '../../parts/pager.js';
import { QueryView } from '../../parts/query-view.js';
import { Time } from '../../parts/time.js';
import { WithApps } from '../../parts/with-apps.js';
import { words } from '../../words.js';
import { columnsOf } from './columns.js';
import { ExportButton } from './export-button.js';
import { FilterBar } from './filter-bar.js';
import { FILTERS, listHref, useListFilters, type Filters } from './filters.js';
import { useLiveRows } from './live-rows.js';
import { NothingCame } from './nothing-came.js';
import { useNotifications, type Page as ListPage } from './queries.js';
import { SavedViews } from './saved-views.js';
import styles from './notifications.module.css';

const text = words.notifications;

/** Everything that was to be sent: find one by its filters, and open its story. */
export function NotificationsPage() {
  const { filters, appId, change } = useListFilters();
  const [{ cursor }] = useFilters(['cursor']);
  const query = useNotifications(filters, appId, cursor);
  const page = query.isPlaceholderData ? undefined : query.data;
  const live = useLiveRows(filters, appId, { page, isNewest: cursor === undefined });
  const hasApps = appId === undefined && (useApps().data?.length ?? 0) > 1;
  const scope = JSON.stringify({ filters, appId });
  return (
    <Page
      heading={words.pages.notifications}
      actions={
        <>
          <div role="status" className={styles.new}>
            {live.newCount > 0 && (
              <Button look="main" icon="refresh" onClick={() => void live.show()}>
                {text.newRows(live.newCount)}
              </Button>
            )}
          </div>
          <ExportButton key={scope} filters={filters} appId={appId} />
        </>
      }
    >
      <SavedViews filters={filters} appId={appId} />
      <FilterBar filters={filters} onChange={change} error={query.error} />
      <QueryView query={query} rows={10} failure={text.failed}>
        {(shown) => (
          <>
            {shown.data.length > 0 ? (
              <DataTable
                label={text.table}
                columns={columnsOf(hasApps)}
                rows={shown.data}
                keyOf={({ id }) => id}
                hrefOf={({ id }) => `/notifications/${id}`}
                isStale={query.isPlaceholderData}
              />
            ) : (
              !query.isError && <Nothing key={scope} page={shown} filters={filters} appId={appId} />
            )}
            {!query.isPlaceholderData && !query.isError && !isWhole(shown, cursor) && (
              <Pager
                cursor={cursor}
                nextCursor={shown.nextCursor}
                further={shown.data.length === 0 ? text.further : undefined}
              >
                {shown.scannedTo === null ? (
                  text.complete
                ) : (
                  <>
                    {text.lookedBackTo} <Time at={shown.scannedTo} />.
                  </>
                )}
              </Pager>
            )}
          </>
        )}
      </QueryView>
    </Page>
  );
}

/** Nothing was found, nor is there more to look at. */
const isWhole = ({ data, nextCursor }: ListPage, cursor: string | undefined): boolean =>
  data.length === 0 && nextCursor === null && cursor === undefined;

interface NothingProps {
  readonly page: ListPage;
  readonly filters: Filters;
  readonly appId: string | undefined;
}

/** The next step if no notification is there. */
function Nothing({ page, filters, appId }: NothingProps) {
  const clear = <LinkButton href={listHref({}, appId)}>{text.filters.clear}</LinkButton>;
  if (FILTERS.every((name) => filters[name] === undefined))
    return (
      <Empty title={text.none} actions={<LinkButton href="/phones">{text.toPhones}</LinkButton>}>
        {text.noneText}
      </Empty>
    );
  if (page.nextCursor !== null)
    return (
      <Empty title={text.noMatchSoFar} actions={clear}>
        {text.noMatchSoFarText}
      </Empty>
    );
  if (filters.uid !== undefined || filters.tag !== undefined)
    return (
      <WithApps>
        <NothingCame filters={filters} appId={appId}>
          {clear}
        </NothingCame>
      </WithApps>
    );
  return (
    <Empty title={text.noMatch} actions={clear}>
      {text.noMatchText}
    </Empty>
  );
}
