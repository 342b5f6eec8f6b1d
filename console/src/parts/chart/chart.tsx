import { lazy, Suspense, useId, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { words } from '../../words.js';
import { formatNumber, formatTime, formatUtc } from '../format.js';
import { colorOf, latestOf, type ChartData, type ChartSeries } from './chart-data.js';
import styles from './chart.module.css';

const Plot = lazy(async () => ({ default: (await import('./plot.js')).Plot }));

/** Loads what draws charts while their values are on their way. A failure is met again, and shown, by the first chart. */
export const loadPlots = (): Promise<unknown> => import('./plot.js').catch(() => undefined);

export interface ChartLimit {
  readonly value: number;
  readonly label: string;
}

interface ChartProps extends ChartData {
  readonly title: string;
  /** How values are written, with their unit. */
  readonly format?: (value: number) => string;
  /** `stacked`: layers on each other, for parts of a whole. */
  readonly look?: 'lines' | 'stacked';
  /** A line at a fixed height, such as one second. */
  readonly limit?: ChartLimit;
  /** Charts with the same name move their cursors together. */
  readonly syncName?: string;
  /** A span was selected by dragging; in ms. */
  readonly onZoom?: (fromMs: number, toMs: number) => void;
  /** A point was clicked; in ms. */
  readonly onPick?: (atMs: number) => void;
  /** The page with what a point counts: a click opens it, and the table links to it. */
  readonly hrefAt?: (atMs: number) => string;
}

/** A chart over time, with its legend and the same as a table. */
export function Chart(props: ChartProps) {
  const { title, times, series, format = formatNumber, limit, onZoom, onPick, hrefAt } = props;
  const [, navigate] = useLocation();
  const [cursor, setCursor] = useState<number | null>(null);
  const titleId = useId();
  const valueText = (one: ChartSeries, index: number | null) => {
    const value = index === null ? latestOf(one) : (one.values[index] ?? null);
    return value === null ? '–' : format(value);
  };
  const parts = series.map((one) => `${one.label} ${valueText(one, null)}`);
  const label = words.chart.summary(title, parts.length > 0 ? parts : [words.chart.noValues]);
  const pick = hrefAt ? (atMs: number) => navigate(hrefAt(atMs)) : onPick;
  const at = cursor === null ? undefined : times[cursor];
  return (
    <figure className={styles.chart} aria-labelledby={titleId}>
      <figcaption className={styles.head}>
        <h3 id={titleId}>{title}</h3>
        <span className={styles.at}>{at !== undefined && formatTime(new Date(at * 1_000))}</span>
      </figcaption>
      <ul className={styles.legend}>
        {series.map((one, index) => (
          <li key={one.label}>
            <span
              className={styles.swatch}
              style={{ background: `var(${colorOf(one, index)})` }}
              aria-hidden="true"
            />
            {one.label} <b>{valueText(one, cursor)}</b>
          </li>
        ))}
        {limit && (
          <li>
            <span className={styles.dash} aria-hidden="true" />
            {words.chart.limit(limit.label)}
          </li>
        )}
      </ul>
      <div
        className={styles.plot}
        role="img"
        aria-label={label}
        title={onZoom && words.chart.zoomHint}
        data-pickable={pick !== undefined}
      >
        <Suspense>
          <Plot {...props} {...(pick && { onPick: pick })} format={format} onCursor={setCursor} />
        </Suspense>
      </div>
      <ChartTable {...props} format={format} />
    </figure>
  );
}

function ChartTable({
  title,
  times,
  series,
  format,
  hrefAt,
}: ChartProps & { readonly format: (n: number) => string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles.details} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.chart.asTable}</summary>
      {isOpen && (
        <div className={styles.tableFrame} tabIndex={0} role="group" aria-label={title}>
          <table aria-label={title}>
            <thead>
              <tr>
                <th scope="col">{words.chart.time}</th>
                {series.map((one) => (
                  <th scope="col" key={one.label}>
                    {one.label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times
                .map((time, index) => {
                  const moment = new Date(time * 1_000);
                  return (
                    <tr key={time}>
                      <th scope="row" title={formatUtc(moment)}>
                        {hrefAt ? (
                          <Link href={hrefAt(moment.getTime())}>{formatTime(moment)}</Link>
                        ) : (
                          formatTime(moment)
                        )}
                      </th>
                      {series.map((one) => {
                        const value = one.values[index] ?? null;
                        return <td key={one.label}>{value === null ? '–' : format(value)}</td>;
                      })}
                    </tr>
                  );
                })
                .reverse()}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
