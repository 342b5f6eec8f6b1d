import { Link } from 'wouter';
import { useAppId } from '../../api/app-choice.js';
import { useFilters } from '../../api/filters.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { Empty } from '../../parts/notice.js';
import { Page } from '../../parts/page.js';
import { Pager } from '../../parts/pager.js';
import { QueryView } from '../../parts/query-view.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import { AuditFilterForm, FILTERS } from './audit-filters.js';
import { hrefOfTarget, hrefOfUser } from './audit-target.js';
import styles from './audit.module.css';
import { useAudit, type AuditRecord } from './queries.js';

/** Changes by operators and backends. Filters and place are in the URL; new records do not move the page. */
export function AuditPage() {
  const [{ cursor, ...filters }, change] = useFilters([...FILTERS, 'cursor']);
  const appId = useAppId();
  const audit = useAudit({ ...filters, ...(appId && { appId }), ...(cursor && { cursor }) });
  const isFiltered = Object.keys(filters).length > 0 || appId !== undefined;
  return (
    <Page heading={words.pages.audit} intro={words.audit.intro}>
      <AuditFilterForm key={JSON.stringify(filters)} filters={filters} onChange={change} />
      <QueryView query={audit} rows={8} failure={words.audit.failed}>
        {({ data, nextCursor }) => (
          <>
            {data.length === 0 ? (
              <Nothing isFiltered={isFiltered} />
            ) : (
              <DataTable
                label={words.pages.audit}
                columns={COLUMNS}
                rows={data}
                keyOf={({ id }) => id}
                isStale={audit.isPlaceholderData}
              />
            )}
            <Pager cursor={cursor} nextCursor={nextCursor} />
          </>
        )}
      </QueryView>
    </Page>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  const { none, noneText, noneFiltered, noneFilteredText } = words.audit;
  return isFiltered ? (
    <Empty title={noneFiltered}>{noneFilteredText}</Empty>
  ) : (
    <Empty title={none}>{noneText}</Empty>
  );
}

const COLUMNS: readonly Column<AuditRecord>[] = [
  { key: 'at', heading: words.audit.columns.at, cell: ({ at }) => <Time at={at} /> },
  {
    key: 'actor',
    heading: words.audit.columns.actor,
    cell: ({ actor, actorKind }) => (
      <>
        {actor} <span className="quiet">{words.audit.actorKinds[actorKind] ?? actorKind}</span>
      </>
    ),
  },
  {
    key: 'action',
    heading: words.audit.columns.action,
    cell: ({ action }) => <span className={styles.action}>{words.audit.actions[action] ?? action}</span>,
  },
  { key: 'target', heading: words.audit.columns.target, cell: (row) => <Target record={row} /> },
  {
    key: 'detail',
    heading: words.audit.columns.detail,
    cell: ({ detail }) => (
      <span className={styles.detail}>
        {Object.entries(detail)
          .map(([name, value]) => words.audit.detail(words.audit.details[name] ?? name, textOf(value)))
          .join('; ')}
      </span>
    ),
  },
  {
    key: 'app',
    heading: words.common.app,
    isMinor: true,
    cell: ({ appId }) => <bdi className={styles.app}>{appId}</bdi>,
  },
  {
    key: 'from',
    heading: words.audit.columns.from,
    isMinor: true,
    cell: ({ fromAddress }) => fromAddress,
  },
];

function Target({ record }: { readonly record: AuditRecord }) {
  const { uid, target } = record;
  return (
    <span className={styles.target} title={uid ?? undefined}>
      {uid !== null && <MaybeLink href={hrefOfUser(record)} text={uid} />}
      {target !== null && <MaybeLink href={hrefOfTarget(record)} text={target} isMinor={uid !== null} />}
    </span>
  );
}

interface MaybeLinkProps {
  readonly href: string | undefined;
  readonly text: string;
  readonly isMinor?: boolean;
}

function MaybeLink({ href, text, isMinor = false }: MaybeLinkProps) {
  if (href !== undefined) return <Link href={href}>{text}</Link>;
  return <span className={isMinor ? 'quiet' : undefined}>{text}</span>;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
