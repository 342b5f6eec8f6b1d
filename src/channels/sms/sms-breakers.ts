import type { ProviderAccount } from '../../deliveries/provider-state.repository.js';
import type { ClaimedDelivery } from '../../domain/delivery.js';
import { ProviderOverQuota, ProviderUnavailable, type SendResult } from '../../domain/outcome.js';
import { guardedDeliveryOf } from '../guarded-delivery.js';
import type { ProviderCircuitBreaker } from '../provider-circuit-breaker.js';

/**
 * A vendor may fail in one country and be well in all others, so that a text has two accounts: what a vendor says of
 * our quota holds for the one, faults count for the country's.
 */
function accountsOf(
  { appId, options }: ClaimedDelivery,
  provider: string,
): { whole: ProviderAccount; country: ProviderAccount } {
  const whole: ProviderAccount = { appId, channel: 'sms', provider };
  return { whole, country: { ...whole, provider: `${provider}:${options.sms?.country ?? 'other'}` } };
}

/** How long a text has to wait before it may go through a provider, in milliseconds; 0: it may go. */
export interface BreakerWait {
  readonly waitMs: number;
  /** Because there is no capacity for us, rather than because it fails. */
  readonly isOverQuota: boolean;
}

export async function acquireFor(
  breaker: ProviderCircuitBreaker,
  delivery: ClaimedDelivery,
  provider: string,
): Promise<BreakerWait> {
  const { whole, country } = accountsOf(delivery, provider);
  const guarded = guardedDeliveryOf(delivery, false);
  const quotaMs = await breaker.acquire(whole, guarded);
  if (quotaMs > 0) return { waitMs: quotaMs, isOverQuota: true };
  const waitMs = await breaker.acquire(country, guarded);
  // It may have taken the probe of the one, and may not use it.
  if (waitMs > 0) await breaker.returnPermit(delivery.id);
  return { waitMs, isOverQuota: false };
}

export async function recordOutcomeOf(
  breaker: ProviderCircuitBreaker,
  delivery: ClaimedDelivery,
  ended: SendResult | Error,
): Promise<void> {
  const { whole, country } = accountsOf(delivery, delivery.provider);
  const guarded = guardedDeliveryOf(delivery, false);
  if (ended instanceof ProviderOverQuota) return breaker.recordOutcome(whole, ended, guarded);
  await breaker.recordOutcome(country, ended, guarded);
  if (!(ended instanceof ProviderUnavailable)) await breaker.recordOutcome(whole, ended, guarded);
}
