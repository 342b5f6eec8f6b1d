import type { Tally } from './tally.sql.js';

const SPANS = [60, 3_600] as const;

/**
 * The rows of a value: that of its minute, and that of its hour. Steps of whole hours are read from the latter, so that a
 * plot of a month reads a sixtieth of the rows.
 */
export function rowsOf(value: Omit<Tally, 'spanSeconds' | 'start'>, atMs: number): Tally[] {
  return SPANS.map((spanSeconds) => {
    const spanMs = spanSeconds * 1_000;
    return { ...value, spanSeconds, start: new Date(Math.floor(atMs / spanMs) * spanMs) };
  });
}
