import { useAppId } from '../../api/app-choice.js';
import { useFilters } from '../../api/filters.js';
import { spendCsvUrl, useSpend, type Spend } from '../../api/spend.js';
import { OutsideLinkButton } from '../../parts/button.js';
import { Choice } from '../../parts/choice.js';
import { Empty } from '../../parts/notice.js';
import { Page, Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { words } from '../../words.js';
import { CapList } from '../../parts/spend/cap-list.js';
import { DayTable } from './day-table.js';
import { SpendChart } from './spend-chart.js';
import { StoppedTable } from './stopped-table.js';
import { Totals } from './totals.js';
import { TopUsers } from './top-users.js';

/** Choices of the span in days. Counts are kept for 30. */
const DAYS = [1, 7, 30] as const;
const DEFAULT_DAYS = 30;

/** Cost of SMS: against limits, by day, and by user. */
export function SpendPage() {
  const [filters, change] = useFilters(['days']);
  const days = DAYS.find((one) => String(one) === filters.days) ?? DEFAULT_DAYS;
  const appId = useAppId();
  const query = useSpend(days);
  return (
    <Page
      heading={words.pages.spend}
      intro={words.spend.intro}
      actions={
        <>
          <Choice
            look="joined"
            label={words.common.span}
            options={DAYS.map((one) => [String(one), words.spend.lastDays(one)] as const)}
            value={String(days)}
            onChange={(chosen) => change({ days: chosen })}
          />
          <OutsideLinkButton href={spendCsvUrl(days, appId)} download="sms-spend.csv" icon="down">
            {words.spend.csv}
          </OutsideLinkButton>
        </>
      }
    >
      <QueryView query={query} rows={10} failure={words.spend.failed}>
        {(spend) => <Content spend={spend} days={days} />}
      </QueryView>
    </Page>
  );
}

function Content({ spend, days }: { readonly spend: Spend; readonly days: number }) {
  const { caps, stopped, topUsers } = spend;
  return (
    <>
      <Section heading={words.spend.limits} isPanel>
        {caps.length > 0 ? <CapList caps={caps} /> : <p className="quiet">{words.spend.noCaps}</p>}
      </Section>
      {stopped.length > 0 && <StoppedTable stopped={stopped} />}
      {spend.days.length === 0 ? (
        <Empty title={words.spend.none(days)}>{words.spend.noneText}</Empty>
      ) : (
        <>
          <Totals days={spend.days} />
          <SpendChart spend={spend} />
          <DayTable days={spend.days} />
        </>
      )}
      {topUsers.length > 0 && <TopUsers spend={spend} />}
    </>
  );
}
