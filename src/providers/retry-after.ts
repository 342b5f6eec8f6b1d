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
  // Date.parse alone takes "-5" and "12 apples" for dates.
  const date = /^[A-Z][a-z]+,? .*\d{2}:\d{2}:\d{2}/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.min(Math.max(date - now, 0), LONGEST_MS);
}
