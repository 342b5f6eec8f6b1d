import { priceFor } from '../../../platform/config/price-for.js';
import type { SmsGuardSettings } from '../../../platform/config/sms-settings.js';

export interface Price {
  /** Millionths of `currency`, so that sums are exact. */
  readonly micros: number;
  readonly currency: string;
}

/**
 * The price of an SMS by the first matching setting.
 *
 * @param country ISO 3166-1 alpha-2; null (a number without country) matches only prices for all countries.
 * @returns null if none is configured.
 */
export function priceOf(
  guard: SmsGuardSettings,
  provider: string,
  country: string | null,
  segments: number,
): Price | null {
  const price = priceFor(guard.prices, provider, country);
  return price ? { micros: toMicros(price.perSegment) * segments, currency: guard.currency } : null;
}

/** Converts to millionths, rounded to the nearest. */
export function toMicros(amount: number): number {
  return Math.round(amount * 1_000_000);
}
