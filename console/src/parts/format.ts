// Numbers, times and spans in the browser's language.
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const numbers = new Intl.NumberFormat();
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'narrow' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayAndClock = new Intl.DateTimeFormat(undefined, {
  ...{ month: 'short', day: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
});
const full = new Intl.DateTimeFormat(undefined, {
  ...{ year: 'numeric', month: 'short', day: 'numeric' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
});

export const formatNumber = (value: number): string => numbers.format(value);

/** 12,345 as "12.3K". */
export const formatCompact = (value: number): string => compact.format(value);

/** @param share 0 to 1 */
export const formatPercent = (share: number): string => percents.format(share);

/** @param currency an ISO code, or another text for a vendor's own credits */
export function formatMoney(value: number, currency: string): string {
  const digits = Math.abs(value) < 1 && value !== 0 ? 4 : 2;
  if (!/^[A-Z]{3}$/.test(currency)) return `${numbers.format(value)} ${currency}`.trim();
  return new Intl.NumberFormat(undefined, {
    style: 'currency',
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(value);
}

/** Today's times without the day, other years' with the year; in the browser's time zone. */
export function formatTime(moment: Date, now = new Date()): string {
  if (moment.toDateString() === now.toDateString()) return clock.format(moment);
  return (moment.getFullYear() === now.getFullYear() ? dayAndClock : full).format(moment);
}

/** `2026-03-01 09:00:00.123 UTC` */
export const formatUtc = (moment: Date): string =>
  moment.toISOString().replace('T', ' ').replace('Z', ' UTC');

/** "3m ago", "in 2h" */
export function formatRelative(moment: Date, nowMs = Date.now()): string {
  const ms = moment.getTime() - nowMs;
  const size = Math.abs(ms);
  if (size < 60_000) return relative.format(Math.round(ms / 1_000), 'second');
  if (size < HOUR_MS) return relative.format(Math.round(ms / 60_000), 'minute');
  if (size < DAY_MS) return relative.format(Math.round(ms / HOUR_MS), 'hour');
  return relative.format(Math.round(ms / DAY_MS), 'day');
}

const SECONDS = span('second', 1);
const UNITS = [
  { ms: DAY_MS, format: span('day', 1) },
  { ms: HOUR_MS, format: span('hour', 1) },
  { ms: 60_000, format: span('minute', 1) },
] as const;
const MILLISECONDS = span('millisecond', 0);

/** A span of time: "340ms", "1.2s", "3m". */
export function formatSpan(ms: number): string {
  if (ms < 1_000) return MILLISECONDS.format(ms);
  const unit = UNITS.find((one) => ms >= one.ms);
  return unit ? unit.format.format(ms / unit.ms) : SECONDS.format(ms / 1_000);
}

function span(unit: string, digits: number): Intl.NumberFormat {
  return new Intl.NumberFormat(undefined, {
    ...{ style: 'unit', unit, unitDisplay: 'narrow' },
    maximumFractionDigits: digits,
  });
}
