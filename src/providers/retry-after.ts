/** Maximum wait in milliseconds: a day. */
const MAX_WAIT_MS = 86_400_000;

/**
 * Parses a `Retry-After` header: seconds or an HTTP date (RFC 9110, 10.2.3).
 *
 * @param now milliseconds since the epoch.
 * @returns milliseconds to wait, from 0 to a day; undefined if the header is missing or invalid.
 */
export function retryAfterMs(
  header: string | readonly string[] | undefined,
  now: number,
): number | undefined {
  const value = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Math.ceil(Number(value) * 1_000), MAX_WAIT_MS);
  const date = httpDate(value);
  return date === undefined ? undefined : Math.min(Math.max(date - now, 0), MAX_WAIT_MS);
}

/** Parses the three formats of RFC 9110, 5.6.7. `Date.parse` alone would accept `-5` and `12 apples` as well. */
function httpDate(value: string): number | undefined {
  const isAsctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/.test(value);
  if (!isAsctime && !/^[A-Z][a-z]+, .* \d{2}:\d{2}:\d{2} GMT$/.test(value)) return undefined;
  const date = Date.parse(isAsctime ? `${value} GMT` : value);
  return Number.isNaN(date) ? undefined : date;
}
