import type uPlot from 'uplot';
import { formatTime } from '../format.js';
import { colorOf, type ChartSeries } from './chart-data.js';
import type { ChartLimit } from './chart.js';

interface PlotShape {
  readonly series: readonly ChartSeries[];
  readonly look: 'lines' | 'stacked';
  readonly limit: ChartLimit | undefined;
  readonly syncName: string | undefined;
  readonly isZoomable: boolean;
  readonly width: number;
  readonly height: number;
}

export interface PlotEvents {
  readonly format: (value: number) => string;
  readonly onZoom: (fromMs: number, toMs: number) => void;
  readonly onPick: (atMs: number) => void;
  readonly onCursor: (index: number | null) => void;
}

/** Shorter drags are clicks, in px. */
const SHORTEST_DRAG = 6;
const TIME_AXIS_HEIGHT = 24;
const FILL_ALPHA = 0.3;
const SMALL_FONT = '11px system-ui, sans-serif';

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const LONGEST_CLOCK_SPAN_S = 2 * 86_400;

export function plotOptions(shape: PlotShape, events: PlotEvents): uPlot.Options {
  const { series, look, limit, syncName, isZoomable, width, height } = shape;
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 20, 0, 0],
    cursor: {
      y: false,
      drag: { x: isZoomable, y: false, setScale: false },
      points: { size: 6 },
      ...(syncName !== undefined && { sync: { key: syncName } }),
    },
    scales: { y: { range: (_plot, _min, max) => [0, topOf(max, limit)] } },
    axes: [
      { ...axisLook(), size: TIME_AXIS_HEIGHT, values: (_plot, splits) => splits.map(timeText(splits)) },
      {
        ...axisLook(),
        size: (_plot, values) => widthOf(values ?? []),
        values: (_plot, splits) => splits.map((value) => events.format(value)),
      },
    ],
    series: [
      { value: (_plot, seconds) => formatTime(new Date(seconds * 1_000)) },
      ...series.map((one, index) => lineOf(colorOf(one, index), look)),
    ],
    // Layers are drawn from the highest to the lowest: each covers the area between it and the one below.
    ...(look === 'stacked' && {
      bands: series.slice(1).map((_, index): uPlot.Band => ({ series: [index + 2, index + 1] })),
    }),
    hooks: {
      setSelect: [(plot) => selected(plot, events)],
      setCursor: [(plot) => events.onCursor(plot.cursor.idx ?? null)],
      draw: limit ? [(plot) => drawLimit(plot, limit.value)] : [],
      ready: [(plot) => listenForClicks(plot, events)],
    },
  };
}

function lineOf(color: string, look: PlotShape['look']): uPlot.Series {
  return {
    width: 1.5,
    points: { show: false, size: 4, filter: lonelyPoints, fill: () => resolved(color) },
    stroke: () => resolved(color),
    ...(look === 'stacked' && { fill: () => withAlpha(resolved(color), FILL_ALPHA) }),
  };
}

/** Values without a neighbour make no line, so they are drawn as points. */
const lonelyPoints: uPlot.Series.Points.Filter = (plot, series) => {
  const values = plot.data[series] ?? [];
  const isThere = (index: number) => typeof values[index] === 'number';
  return [...values.keys()].filter((at) => isThere(at) && !isThere(at - 1) && !isThere(at + 1));
};

function axisLook(): uPlot.Axis {
  return {
    stroke: () => resolved('--text-quiet'),
    font: SMALL_FONT,
    gap: 4,
    grid: { stroke: () => resolved('--line'), width: 1 },
    ticks: { show: false },
  };
}

const widthOf = (values: readonly string[]): number =>
  16 + 6.5 * Math.max(2, ...values.map((text) => text.length));

const topOf = (max: number | null, limit: ChartLimit | undefined): number =>
  Math.max(max ?? 0, limit?.value ?? 0, Number.MIN_VALUE) * 1.08 || 1;

function timeText(splits: readonly number[]): (seconds: number) => string {
  const span = (splits.at(-1) ?? 0) - (splits[0] ?? 0);
  const format = span > LONGEST_CLOCK_SPAN_S ? day : clock;
  return (seconds) => format.format(new Date(seconds * 1_000));
}

function selected(plot: uPlot, { onZoom }: PlotEvents): void {
  const { left, width } = plot.select;
  if (width < SHORTEST_DRAG) return;
  onZoom(plot.posToVal(left, 'x') * 1_000, plot.posToVal(left + width, 'x') * 1_000);
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

function listenForClicks(plot: uPlot, { onPick, onCursor }: PlotEvents): void {
  let downAt = 0;
  plot.over.addEventListener('mousedown', (event) => (downAt = event.clientX));
  plot.over.addEventListener('click', (event) => {
    const seconds = plot.data[0][plot.cursor.idx ?? -1];
    if (seconds !== undefined && Math.abs(event.clientX - downAt) < SHORTEST_DRAG) onPick(seconds * 1_000);
  });
  plot.over.addEventListener('mouseleave', () => onCursor(null));
}

function drawLimit(plot: uPlot, value: number): void {
  const { ctx, bbox } = plot;
  const y = plot.valToPos(value, 'y', true);
  ctx.save();
  ctx.strokeStyle = resolved('--bad');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** A canvas knows no custom properties, and their text still holds `light-dark()`: an element resolves both. */
let probe: HTMLElement | undefined;

function resolved(property: string): string {
  if (!probe) {
    probe = document.createElement('span');
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = `var(${property})`;
  return getComputedStyle(probe).color;
}

const withAlpha = (color: string, alpha: number): string =>
  color.startsWith('rgb(') ? color.replace('rgb(', 'rgba(').replace(')', `, ${alpha})`) : color;
