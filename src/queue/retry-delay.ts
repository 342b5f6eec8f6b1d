export interface Backoff {
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

/**
 * How long to wait before the next try, in milliseconds: twice as long each time up to the ceiling, of which the
 * upper half is drawn by chance, so that what failed together does not come back together. A vendor's `Retry-After`
 * is a floor, with up to a tenth on top.
 *
 * @param triesMade tries so far, from 1.
 * @param random a number from 0 (inclusive) to 1.
 */
export function retryDelayMs(
  triesMade: number,
  { backoffMs, maxBackoffMs }: Backoff,
  retryAfterMs = 0,
  random: number = Math.random(),
): number {
  const ceiling = Math.min(maxBackoffMs, backoffMs * 2 ** Math.min(triesMade - 1, 30));
  const jittered = ceiling / 2 + (ceiling / 2) * random;
  return Math.round(Math.max(jittered, retryAfterMs * (1 + random / 10)));
}
