import { useDeferredValue } from 'react';
import { useFilters } from '../../api/filters.js';
import { Button } from '../../parts/button.js';
import { Facts } from '../../parts/facts.js';
import { Field } from '../../parts/field.js';
import { Marked } from '../../parts/marked.js';
import { Empty, Notice } from '../../parts/notice.js';
import { Page, Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { ToneLabel } from '../../parts/state-label.js';
import { LOOKS } from '../../parts/states.js';
import { words } from '../../words.js';
import { Partitions } from './partitions.js';
import { useConfig, type Config } from '../../api/config.js';
import { matching, treeOf } from './settings-tree.js';
import { SettingsBlock } from './settings-block.js';
import styles from './settings.module.css';

/** The configuration in effect: searchable, each value with its source. */
export function SettingsPage() {
  const config = useConfig();
  return (
    <Page heading={words.pages.settings} intro={words.settings.intro}>
      <QueryView query={config} rows={8} failure={words.settings.failed}>
        {(data) => (
          <>
            <Process config={data} />
            <Configuration config={data} />
            <Partitions partitions={data.partitions} />
          </>
        )}
      </QueryView>
    </Page>
  );
}

function Process({ config: { version, node, role, migrations } }: { readonly config: Config }) {
  const { applied, missing, last } = migrations;
  const text = words.settings;
  return (
    <Section heading={text.process} isPanel>
      <Facts
        facts={[
          [text.version, version],
          [text.node, node],
          [text.role, role],
          [
            text.migrations,
            <span key="migrations" className={styles.migrations}>
              {text.migrated(applied, last)}
              {missing === 0 ? (
                <ToneLabel {...LOOKS.good} text={text.upToDate} />
              ) : (
                <ToneLabel tone="bad" icon="warning" text={text.missing(missing)} />
              )}
            </span>,
          ],
        ]}
      />
      {missing > 0 && (
        <Notice tone="bad" icon="warning">
          <p>
            <Marked text={text.missingText} />
          </p>
        </Notice>
      )}
    </Section>
  );
}

function Configuration({ config: { settings } }: { readonly config: Config }) {
  const [{ q = '', only }, change] = useFilters(['q', 'only']);
  const text = useDeferredValue(q);
  const found = matching(settings, text, only === 'set');
  const isOpen = text !== '' || only === 'set';
  return (
    <Section heading={words.settings.configuration}>
      <div className={styles.search} role="search">
        <Field label={words.settings.search} hint={words.settings.searchHint}>
          {(control) => (
            <input
              {...control}
              type="search"
              autoComplete="off"
              spellCheck={false}
              value={q}
              onChange={(event) => change({ q: event.target.value })}
            />
          )}
        </Field>
        <label className={styles.only}>
          <input
            type="checkbox"
            checked={only === 'set'}
            onChange={(event) => change({ only: event.target.checked ? 'set' : undefined })}
          />
          {words.settings.onlySet}
        </label>
      </div>
      <p role="status" className="quiet">
        {words.settings.shown(found.length, settings.length)}
      </p>
      {found.length === 0 ? (
        <Empty
          title={words.settings.none}
          actions={
            <Button onClick={() => change({ q: undefined, only: undefined })}>
              {words.settings.showAll}
            </Button>
          }
        >
          {words.settings.noneText}
        </Empty>
      ) : (
        <div className={styles.tree}>
          {treeOf(found).map((block) => (
            <SettingsBlock key={`${block.path} ${isOpen}`} block={block} isOpen={isOpen} />
          ))}
        </div>
      )}
    </Section>
  );
}
