/** No vendor's wait is taken for longer than this, in milliseconds: a day. */
const LONGEST_MS = 86_400_000;

/**
 * Reads a `Retry-After` header, which is a number of seconds or an HTTP date (RFC 9110, 10.2.3).
 *
 * @param now milliseconds since the epoch.
 * @returns milliseconds to wait, at least 0 and at most a day; undefined where the header is missing or says nothing.
 */
export function retryAfterMs(
  header: string | readonly string[] | undefined,
  now: number,
): number | undefined {
  const value = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Math.ceil(Number(value) * 1_000), LONGEST_MS);
  const date = httpDate(value);
  return date === undefined ? undefined : Math.min(Math.max(date - now, 0), LONGEST_MS);
}

/** The three forms of RFC 9110, 5.6.7. Date.parse alone would take `-5` and `12 apples` for dates as well. */
function httpDate(value: string): number | undefined {
  const isAsctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/.test(value);
  if (!isAsctime && !/^[A-Z][a-z]+, .* \d{2}:\d{2}:\d{2} GMT$/.test(value)) return undefined;
  const date = Date.parse(isAsctime ? `${value} GMT` : value);
  return Number.isNaN(date) ? undefined : date;
}
