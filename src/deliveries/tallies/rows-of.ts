import { SPANS, type Tally } from './tally.sql.js';

/** The rows of a value at a time: one for each length of span. */
export function rowsOf(value: Omit<Tally, 'spanSeconds' | 'start'>, atMs: number): Tally[] {
  return SPANS.map((spanSeconds) => {
    const spanMs = spanSeconds * 1_000;
    return { ...value, spanSeconds, start: new Date(Math.floor(atMs / spanMs) * spanMs) };
  });
}
