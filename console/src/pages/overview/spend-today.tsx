import { Link } from 'wouter';
import { useSpend, type Spend } from '../../api/spend.js';
import { formatNumber } from '../../parts/format.js';
import { Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { words } from '../../words.js';
import { CapList } from '../../parts/spend/cap-list.js';
import { costText, sumOf } from '../../parts/spend/sums.js';
import styles from './overview.module.css';

/** Cost of SMS today, and the used share of each limit. */
export function SpendToday() {
  return (
    <Section
      heading={words.overview.spendToday}
      actions={<Link href="/spend">{words.overview.toSpend}</Link>}
      isPanel
    >
      <QueryView query={useSpend(1)} rows={2} failure={words.spend.failed}>
        {(spend) => <Today {...spend} />}
      </QueryView>
    </Section>
  );
}

function Today({ days, caps }: Spend) {
  const sum = sumOf(days);
  return (
    <>
      <p className={styles.sums}>
        <span>
          <b>{formatNumber(sum.segments)}</b> {words.spend.segmentsUnit(sum.segments)}
        </span>
        <span>
          <b>{costText(sum) ?? '–'}</b> {words.spend.costUnit}
        </span>
      </p>
      {caps.length === 0 ? <p className="quiet">{words.spend.noCaps}</p> : <CapList caps={caps} />}
    </>
  );
}
