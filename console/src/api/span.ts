import { useMemo } from 'react';
import { useFilters } from './filters.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Lengths of spans up to now, by their name in the URL. */
export const SPAN_MS = {
  '15m': 15 * MINUTE_MS,
  '1h': HOUR_MS,
  '6h': 6 * HOUR_MS,
  '24h': DAY_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
} as const;
export type SpanName = keyof typeof SPAN_MS;
/** Those that most pages offer. */
export const SPAN_NAMES = ['1h', '24h', '7d', '30d'] as const satisfies readonly SpanName[];

/** `isLive`: a span up to now; otherwise a fixed one. */
export type Span =
  | { readonly isLive: true; readonly name: SpanName }
  | { readonly isLive: false; readonly fromMs: number; readonly toMs: number };

const DEFAULT_SPAN: SpanName = '1h';
const SHORTEST_MS = 5 * MINUTE_MS;
const MOST_STEPS = 240;
/** In seconds. More than a week is counted by the hour. */
const STEPS = [60, 120, 300, 600, 1_800, 3_600, 10_800, 21_600, 86_400] as const;

interface SpanChoice {
  readonly span: Span;
  readonly choose: (name: SpanName) => void;
  /** Shows a part of the span; at least five minutes. */
  readonly zoom: (fromMs: number, toMs: number) => void;
}

/** The span in the URL: `span=24h`, or `from=…&to=…` after zooming. */
export function useSpan(): SpanChoice {
  const [{ span: name, from, to }, change] = useFilters(['span', 'from', 'to']);
  const span = useMemo(() => spanOf(name, from, to), [name, from, to]);
  return {
    span,
    choose: (chosen) => change({ span: chosen, from: undefined, to: undefined }),
    zoom: (fromMs, toMs) => {
      const added = Math.max(0, SHORTEST_MS - (toMs - fromMs)) / 2;
      change({ span: undefined, from: minuteOf(fromMs - added), to: minuteOf(toMs + added) });
    },
  };
}

/** Times and step of a request. */
export function momentsOf(
  span: Span,
  nowMs: number,
): { readonly fromMs: number; readonly toMs: number; readonly stepSeconds: number } {
  const { fromMs, toMs } = span.isLive ? { fromMs: nowMs - SPAN_MS[span.name], toMs: nowMs } : span;
  const seconds = (toMs - fromMs) / 1_000;
  const stepSeconds = STEPS.find((step) => seconds / step <= MOST_STEPS) ?? 86_400;
  return { fromMs, toMs, stepSeconds };
}

function spanOf(name: string | undefined, from: string | undefined, to: string | undefined): Span {
  const [fromMs, toMs] = [Date.parse(from ?? ''), Date.parse(to ?? '')];
  if (fromMs < toMs) return { isLive: false, fromMs, toMs };
  return { isLive: true, name: SPAN_NAMES.find((one) => one === name) ?? DEFAULT_SPAN };
}

const minuteOf = (ms: number): string =>
  new Date(Math.round(ms / MINUTE_MS) * MINUTE_MS).toISOString().replace(':00.000Z', 'Z');
