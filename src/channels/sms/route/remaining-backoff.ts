import type { EarlierAttempt, SmsPlan } from '../../../domain/delivery.js';
import { retryDelayMs, type Backoff } from '../../../platform/timing/retry-delay.js';
import { hasFailed } from './remaining-providers.js';

/**
 * Milliseconds until a vendor that failed to send an SMS may be tried again, regardless of the other vendors; 0: now.
 */
export function remainingBackoffMs(
  provider: string,
  { onOverQuota }: Pick<SmsPlan, 'onOverQuota'>,
  attempts: readonly EarlierAttempt[],
  { backoff, now }: { readonly backoff: Backoff; readonly now: number },
): number {
  const failed = attempts.filter((made) => made.provider === provider && hasFailed(made, onOverQuota));
  const last = failed.at(-1);
  if (!last) return 0;
  // The minimum of the jittered delay: the retry of the delivery may have waited no longer.
  const waitMs = retryDelayMs(failed.length, backoff, 0, 0);
  const endedAt = last.startedAt.getTime() + last.durationMs;
  return Math.max(0, Math.min(waitMs, endedAt + waitMs - now));
}
