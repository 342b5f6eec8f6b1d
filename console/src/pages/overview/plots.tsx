import { useEffect, type ReactNode } from 'react';
import { useAppId } from '../../api/app-choice.js';
import { pageHref } from '../../api/page-href.js';
import { useStats, type Stats } from '../../api/stats.js';
import type { Span } from '../../api/span.js';
import { Chart, loadPlots } from '../../parts/chart/chart.js';
import { formatNumber, formatSpan } from '../../parts/format.js';
import { Notice } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { words } from '../../words.js';
import styles from './overview.module.css';
import {
  ASKED,
  hasCounts,
  isOfRings,
  latencyPlots,
  outcomePlots,
  queuePlot,
  retiredPlot,
  spoolPlot,
  webhookPlot,
  type Plot,
} from './plots-of.js';

interface PlotsProps {
  readonly span: Span;
  readonly onZoom: (fromMs: number, toMs: number) => void;
}

const formatSeconds = (seconds: number): string => formatSpan(seconds * 1_000);
const RING_LIMIT = { value: 1, label: formatSeconds(1) };
const formatRate = (value: number): string => formatNumber(Math.round(value * 100) / 100);

/** The charts of the span. */
export function Plots({ span, onZoom }: PlotsProps) {
  const query = useStats(span, ASKED);
  useEffect(() => void loadPlots(), []);
  return (
    <QueryView query={query} rows={12} failure={words.overview.statsFailed}>
      {(stats) => (
        <div className={styles.plots} data-stale={query.isPlaceholderData}>
          {!hasCounts(stats) && <Notice tone="quiet" title={words.overview.nothingInSpan} />}
          <AllPlots stats={stats} onZoom={onZoom} />
        </div>
      )}
    </QueryView>
  );
}

function AllPlots({ stats, onZoom }: { readonly stats: Stats; readonly onZoom: PlotsProps['onZoom'] }) {
  const hrefFor = useNotificationsHref(stats);
  const common = { syncName: 'overview', onZoom };
  const text = words.overview;
  const rates = { ...common, look: 'stacked', format: formatRate } as const;
  const latency = latencyPlots(stats);
  const spool = spoolPlot(stats);
  return (
    <>
      <Group heading={text.traffic}>
        <Chart
          {...webhookPlot(stats)}
          {...rates}
          title={text.webhooks}
          hrefAt={hrefFor({ source: 'webhook' })}
        />
        {outcomePlots(stats).map(({ key, labels, ...data }) => (
          <Chart key={key} {...data} {...rates} title={text.outcomesOf(labels)} hrefAt={hrefFor(labels)} />
        ))}
      </Group>
      <Group heading={text.speed}>
        {latency.map(({ key, labels, ...data }) => (
          <Chart
            key={key}
            {...data}
            {...common}
            title={text.latencyOf(labels)}
            format={formatSeconds}
            hrefAt={hrefFor(labels)}
            {...(isOfRings(labels) && { limit: RING_LIMIT })}
          />
        ))}
        {latency.length === 0 && <p className="quiet">{text.noLatency}</p>}
      </Group>
      <Group heading={text.queues}>
        <Chart {...queuePlot(stats, 'waiting')} {...common} title={text.waiting} />
        <Chart
          {...queuePlot(stats, 'oldest_seconds')}
          {...common}
          title={text.oldest}
          format={formatSeconds}
        />
        {spool.series.length > 0 ? (
          <Chart {...spool} {...common} title={text.spool} format={formatRate} />
        ) : (
          <p className={styles.none}>{text.noSpool}</p>
        )}
      </Group>
      <Group heading={text.devices}>
        <Chart {...retiredPlot(stats)} {...rates} title={text.retired} />
      </Group>
    </>
  );
}

function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <Section heading={heading}>
      <div className={styles.grid}>{children}</div>
    </Section>
  );
}

/** The notifications that a step of a plot counts. */
function useNotificationsHref({ stepSeconds }: Stats): (filters: Plot['labels']) => (atMs: number) => string {
  const appId = useAppId();
  return (filters) => (atMs) => {
    const to = new Date(atMs + stepSeconds * 1_000).toISOString();
    return pageHref('/notifications', appId, { ...filters, from: new Date(atMs).toISOString(), to });
  };
}
