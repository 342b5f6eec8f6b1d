import type { Account } from '../../deliveries/provider-states.js';
import type { ClaimedDelivery } from '../../domain/delivery.js';
import { ProviderOverQuota, ProviderUnavailable, type SendResult } from '../../domain/outcome.js';
import { passengerOf } from '../passenger.js';
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
  const passenger = passengerOf(delivery, false);
  const quotaMs = await gate.admit(whole, passenger);
  if (quotaMs > 0) return { waitMs: quotaMs, isOverQuota: true };
  const waitMs = await gate.admit(country, passenger);
  // It may have taken the probe of the one, and may not use it.
  if (waitMs > 0) await gate.leave(delivery.id);
  return { waitMs, isOverQuota: false };
}

export async function learnOfWay(
  gate: ProviderGate,
  delivery: ClaimedDelivery,
  ended: SendResult | Error,
): Promise<void> {
  const { whole, country } = accountsOf(delivery, delivery.provider);
  const passenger = passengerOf(delivery, false);
  if (ended instanceof ProviderOverQuota) return gate.learn(whole, ended, passenger);
  await gate.learn(country, ended, passenger);
  if (!(ended instanceof ProviderUnavailable)) await gate.learn(whole, ended, passenger);
}
