import type { Spend } from '../../api/spend.js';
import { DataTable } from '../../parts/data-table.js';
import { formatNumber } from '../../parts/format.js';
import { Section } from '../../parts/page.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import { costOf } from '../../parts/spend/sums.js';
import styles from './spend.module.css';

const SHOWN_LENGTH = 40;

/** The users with most segments. */
export function TopUsers({ spend: { topUsers, topUsersSince } }: { readonly spend: Spend }) {
  return (
    <Section heading={words.spend.topUsers}>
      <p className={styles.quiet}>
        {words.spend.topUsersSince} <Time at={topUsersSince} />
      </p>
      <DataTable
        label={words.spend.topUsers}
        rows={topUsers}
        keyOf={({ appId, uid, currency }) => [appId, uid, currency].join('\n')}
        hrefOf={({ appId, uid }) => `/people/${encodeURIComponent(appId)}/${encodeURIComponent(uid)}`}
        columns={[
          { key: 'uid', heading: words.spend.user, cell: ({ uid }) => <bdi>{shortened(uid)}</bdi> },
          { key: 'app', heading: words.common.app, cell: ({ appId }) => appId },
          {
            key: 'segments',
            heading: words.spend.segments,
            cell: ({ segments }) => formatNumber(segments),
            isNumber: true,
          },
          { key: 'cost', heading: words.spend.cost, cell: costOf, isNumber: true },
        ]}
      />
    </Section>
  );
}

function shortened(uid: string): string {
  const characters = [...uid.slice(0, 2 * SHOWN_LENGTH + 2)];
  return characters.length > SHOWN_LENGTH ? `${characters.slice(0, SHOWN_LENGTH).join('')}…` : uid;
}
