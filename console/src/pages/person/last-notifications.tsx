import { pageHref } from '../../api/page-href.js';
import { LinkButton } from '../../parts/button.js';
import { CHANNEL, KIND, PROVIDERS, REASON, RECEIVED, SOURCE, STATUS } from '../../parts/columns.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { Empty } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { words } from '../../words.js';
import { useLastNotifications, type Notification, type PersonKey } from './queries.js';

const { heading, failed, none, noneText, all } = words.person.notifications;

/** The newest notifications; each leads to its story. */
export function LastNotifications({ person }: { readonly person: PersonKey }) {
  const query = useLastNotifications(person);
  const list = pageHref('/notifications', person.appId, { uid: person.uid });
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

const COLUMNS: readonly Column<Notification>[] = [RECEIVED, KIND, STATUS, REASON, CHANNEL, PROVIDERS, SOURCE];
