import type { ProviderAccount } from '../../deliveries/provider-state.repository.js';
import type { ClaimedSms } from '../../domain/delivery.js';
import { ProviderOverQuota, ProviderUnavailable, type SendResult } from '../../domain/outcome.js';
import { guardedDeliveryOf } from '../guarded-delivery.js';
import type { ProviderCircuitBreaker } from '../provider-circuit-breaker.js';

/**
 * An SMS has two breaker accounts, because a vendor may fail in one country only: quota refusals count for the whole
 * account, failures for its country.
 */
function accountsOf(
  { appId, options }: ClaimedSms,
  provider: string,
): { whole: ProviderAccount; country: ProviderAccount } {
  const whole: ProviderAccount = { appId, channel: 'sms', provider };
  return { whole, country: { ...whole, provider: `${provider}:${options.sms?.country ?? 'other'}` } };
}

export interface BreakerWait {
  /** Before an SMS may use the provider; 0: now. */
  readonly waitMs: number;
  /** The wait is for quota, not for a failing vendor. */
  readonly isOverQuota: boolean;
}

export async function acquireFor(
  breaker: ProviderCircuitBreaker,
  delivery: ClaimedSms,
  provider: string,
): Promise<BreakerWait> {
  const { whole, country } = accountsOf(delivery, provider);
  const guarded = guardedDeliveryOf(delivery, false);
  const quotaMs = await breaker.acquire(whole, guarded);
  if (quotaMs > 0) return { waitMs: quotaMs, isOverQuota: true };
  const waitMs = await breaker.acquire(country, guarded);
  // Returns a probe of the whole account that cannot be used.
  if (waitMs > 0) await breaker.returnPermit(delivery.id);
  return { waitMs, isOverQuota: false };
}

export async function recordOutcomeOf(
  breaker: ProviderCircuitBreaker,
  delivery: ClaimedSms,
  ended: SendResult | Error,
): Promise<void> {
  const { whole, country } = accountsOf(delivery, delivery.provider);
  const guarded = guardedDeliveryOf(delivery, false);
  if (ended instanceof ProviderOverQuota) return breaker.recordOutcome(whole, ended, guarded);
  await breaker.recordOutcome(country, ended, guarded);
  if (!(ended instanceof ProviderUnavailable)) await breaker.recordOutcome(whole, ended, guarded);
}
