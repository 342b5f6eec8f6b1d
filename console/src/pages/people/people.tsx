import { useState, type SubmitEvent } from 'react';
import { useAppId } from '../../api/app-choice.js';
import { personHref } from '../../api/page-href.js';
import { Button, LinkButton } from '../../parts/button.js';
import { APP, UID } from '../../parts/columns.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { Field } from '../../parts/field.js';
import { Answer } from '../../parts/form.js';
import { Empty, Failure, Loading, Notice } from '../../parts/notice.js';
import { Page } from '../../parts/page.js';
import { Time } from '../../parts/time.js';
import { wordOf, words } from '../../words.js';
import styles from './people.module.css';
import { personsIn, usePeople, type FoundPerson } from './queries.js';

/** Finds a person. The query may be a number or token, so that it is not part of the address. */
export function PeoplePage() {
  const [text, setText] = useState('');
  const [query, setQuery] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setQuery(text.trim());
  };
  return (
    <Page heading={words.pages.people} intro={words.people.intro}>
      <form className={styles.search} role="search" onSubmit={submit}>
        <Field label={words.people.query} hint={words.people.queryHint}>
          {(control) => (
            <input
              {...control}
              type="search"
              autoComplete="off"
              spellCheck={false}
              maxLength={4_096}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" look="main" icon="user">
          {words.people.find}
        </Button>
      </form>
      {query === '' ? (
        <Empty title={words.people.start}>{words.people.startText}</Empty>
      ) : (
        <Results query={query} />
      )}
    </Page>
  );
}

function Results({ query }: { readonly query: string }) {
  const appId = useAppId();
  const search = usePeople(query, appId);
  const pages = search.data?.pages ?? [];
  const persons = personsIn(pages);
  const scannedTo = pages.at(-1)?.scannedTo;
  return (
    <Answer>
      {search.isError && (
        <Failure error={search.error} title={words.people.failed} onRetry={search.refetch} />
      )}
      {search.isPending && <Loading rows={3} />}
      {search.isSuccess && persons.length === 0 && (
        <Empty
          title={words.people.nobody}
          actions={
            appId !== undefined &&
            query.length <= 100 && (
              <LinkButton href={personHref(appId, query)}>{words.people.open(query)}</LinkButton>
            )
          }
        >
          {words.people.nobodyText}
        </Empty>
      )}
      {persons.length > 0 && (
        <DataTable
          label={words.people.results}
          columns={COLUMNS}
          rows={persons}
          keyOf={(person) => `${person.appId} ${person.uid}`}
          hrefOf={(person) => personHref(person.appId, person.uid)}
        />
      )}
      {search.hasNextPage && (
        <Notice tone="quiet">
          {scannedTo && (
            <p>
              {words.people.lookedBackTo} <Time at={scannedTo} />.
            </p>
          )}
          <div>
            <Button isBusy={search.isFetchingNextPage} onClick={() => void search.fetchNextPage()}>
              {words.people.further}
            </Button>
          </div>
        </Notice>
      )}
    </Answer>
  );
}

const COLUMNS: readonly Column<FoundPerson>[] = [
  UID,
  APP,
  {
    key: 'foundBy',
    heading: words.people.columns.foundBy,
    cell: ({ foundBy }) => foundBy.map((reading) => words.readings[reading] ?? reading).join(', '),
  },
  {
    key: 'device',
    heading: words.people.columns.device,
    isMinor: true,
    cell: ({ device }) => {
      if (!device) return null;
      const platform = wordOf('platforms', device.platform);
      const name = `${platform} ${device.pushToken}`;
      return device.retiredAt === null ? name : words.people.retired(name);
    },
  },
];
