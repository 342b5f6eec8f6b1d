import type { Account } from '../../deliveries/provider-states.js';
import type { ClaimedDelivery } from '../../domain/delivery.js';
import { ProviderOverQuota, type SendResult } from '../../domain/outcome.js';
import type { ProviderGate } from '../provider-gate.js';

/**
 * A vendor may fail in one country and be well in all others, so that a text has two accounts: what a vendor says of
 * our quota holds for the one, faults count for the country's.
 */
function accountsOf(
  { appId, options }: ClaimedDelivery,
  provider: string,
): { whole: Account; country: Account } {
  const whole: Account = { appId, channel: 'sms', provider };
  return { whole, country: { ...whole, provider: `${provider}:${options.sms?.country ?? 'other'}` } };
}

/** How long a text has to wait before it may go through a provider, in milliseconds; 0: it may go. */
export interface WaitForWay {
  readonly waitMs: number;
  /** Because there is no capacity for us, rather than because it fails. */
  readonly isOverQuota: boolean;
}

export async function waitForWay(
  gate: ProviderGate,
  delivery: ClaimedDelivery,
  provider: string,
): Promise<WaitForWay> {
  const { whole, country } = accountsOf(delivery, provider);
  const quotaMs = await gate.waitFor(whole);
  return quotaMs > 0
    ? { waitMs: quotaMs, isOverQuota: true }
    : { waitMs: await gate.waitFor(country), isOverQuota: false };
}

export async function learnOfWay(
  gate: ProviderGate,
  delivery: ClaimedDelivery,
  ended: SendResult | Error,
): Promise<void> {
  const { whole, country } = accountsOf(delivery, delivery.provider);
  await gate.learn(ended instanceof ProviderOverQuota ? whole : country, ended);
}
