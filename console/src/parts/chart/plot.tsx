import { useEffect, useEffectEvent, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { stacked, type ChartData } from './chart-data.js';
import type { ChartLimit } from './chart.js';
import { plotOptions, type PlotEvents } from './plot-options.js';
import styles from './chart.module.css';

interface PlotProps extends ChartData {
  readonly format: (value: number) => string;
  readonly look?: 'lines' | 'stacked';
  readonly limit?: ChartLimit;
  readonly syncName?: string;
  readonly onZoom?: (fromMs: number, toMs: number) => void;
  readonly onPick?: (atMs: number) => void;
  readonly onCursor: (index: number | null) => void;
}

const HEIGHT = 180;

/** The canvas. It is made anew when its series change, and only filled anew when their values do. */
export function Plot(props: PlotProps) {
  const { times, series, look = 'lines', limit, syncName, format } = props;
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const write = useEffectEvent((value: number) => format(value));
  const isZoomable = props.onZoom !== undefined;
  const onZoom = useEffectEvent((from: number, to: number) => props.onZoom?.(from, to));
  const onPick = useEffectEvent((at: number) => props.onPick?.(at));
  const onCursor = useEffectEvent((index: number | null) => props.onCursor(index));
  const shape = JSON.stringify([series.map(({ label, color }) => [label, color]), look, limit, syncName]);

  const dataOf = useEffectEvent((): uPlot.AlignedData => {
    const layers = look === 'stacked' ? stacked(series) : series.map(({ values }) => [...values]);
    return [[...times], ...layers];
  });
  const optionsOf = useEffectEvent((width: number, events: PlotEvents) =>
    plotOptions({ series, look, limit, syncName, isZoomable, width, height: HEIGHT }, events),
  );

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    // A callback of an effect may be called from within effects only; these are called by events of the plot.
    const events: PlotEvents = {
      format: (value) => write(value),
      onZoom: (from, to) => onZoom(from, to),
      onPick: (at) => onPick(at),
      onCursor: (index) => onCursor(index),
    };
    const made = new uPlot(optionsOf(element.clientWidth, events), dataOf(), element);
    plot.current = made;
    const stopResizing = followWidth(element, made);
    const stopTheme = followTheme(() => made.redraw(false, true));
    return () => {
      stopResizing();
      stopTheme();
      made.destroy();
      plot.current = undefined;
    };
  }, [shape, isZoomable]);

  useEffect(() => plot.current?.setData(dataOf()), [times, series]);

  return <div ref={frame} className={styles.frame} />;
}

function followWidth(element: HTMLElement, plot: uPlot): () => void {
  const observer = new ResizeObserver(() => {
    const width = element.clientWidth;
    // The first call reports the width with which it was drawn.
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: HEIGHT });
  });
  observer.observe(element);
  return () => observer.disconnect();
}

/** A canvas keeps the colours with which it was drawn. */
function followTheme(redraw: () => void): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', redraw);
  const observer = new MutationObserver(redraw);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    query.removeEventListener('change', redraw);
    observer.disconnect();
  };
}
