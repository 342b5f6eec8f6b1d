import { personHref } from '../../api/page-href.js';
import type { Spend } from '../../api/spend.js';
import { APP, numberColumn, UID } from '../../parts/columns.js';
import { DataTable } from '../../parts/data-table.js';
import { Section } from '../../parts/page.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import { costOf } from '../../parts/spend/sums.js';
import { SEGMENTS } from './columns.js';

/** The users with most segments. */
export function TopUsers({ spend: { topUsers, topUsersSince } }: { readonly spend: Spend }) {
  return (
    <Section heading={words.spend.topUsers}>
      <p className="quiet">
        {words.spend.topUsersSince} <Time at={topUsersSince} />
      </p>
      <DataTable
        label={words.spend.topUsers}
        rows={topUsers}
        keyOf={({ appId, uid, currency }) => [appId, uid, currency].join('\n')}
        hrefOf={({ appId, uid }) => personHref(appId, uid)}
        columns={[...[UID, APP, SEGMENTS], numberColumn('cost', words.spend.cost, costOf)]}
      />
    </Section>
  );
}
