import type { Spend } from '../../api/spend.js';
import { APP } from '../../parts/columns.js';
import { DataTable } from '../../parts/data-table.js';
import { Notice } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';

/** Prefixes that pumping protection stops now. */
export function StoppedTable({ stopped }: Pick<Spend, 'stopped'>) {
  return (
    <Section heading={words.spend.stopped}>
      <Notice tone="warn" icon="warning">
        {words.spend.stoppedText}
      </Notice>
      <DataTable
        label={words.spend.stopped}
        rows={stopped}
        keyOf={({ appId, prefix, since }) => [appId, prefix, since].join('\n')}
        columns={[
          { key: 'prefix', heading: words.spend.prefix, cell: ({ prefix }) => prefix },
          APP,
          { key: 'since', heading: words.spend.since, cell: ({ since }) => <Time at={since} /> },
        ]}
      />
    </Section>
  );
}
