export interface Backoff {
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
}

/**
 * Delay before the next attempt: exponential backoff, of which the upper half is random, so that concurrent failures
 * are not retried together. A vendor's `Retry-After` is the minimum, plus up to a tenth.
 *
 * @param triesMade attempts so far, at least 1.
 * @param random from 0 (inclusive) to 1.
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
