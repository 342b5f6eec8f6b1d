import type { EarlierAttempt, SmsPlan } from '../../../domain/delivery.js';
import { retryDelayMs, type Backoff } from '../../../queue/retry-delay.js';
import { wasInVain } from './remaining-providers.js';

/**
 * The time until a vendor may be asked again for a text that it has failed, in milliseconds, however the other vendors
 * of the route are; 0: it may be asked now.
 */
export function remainingBackoffMs(
  provider: string,
  { onOverQuota }: Pick<SmsPlan, 'onOverQuota'>,
  attempts: readonly EarlierAttempt[],
  { backoff, now }: { readonly backoff: Backoff; readonly now: number },
): number {
  const failed = attempts.filter((made) => made.provider === provider && wasInVain(made, onOverQuota));
  const last = failed.at(-1);
  if (!last) return 0;
  // The shortest wait: the retry of the delivery may have waited no longer.
  const waitMs = retryDelayMs(failed.length, backoff, 0, 0);
  const endedAt = last.startedAt.getTime() + last.durationMs;
  return Math.max(0, Math.min(waitMs, endedAt + waitMs - now));
}
