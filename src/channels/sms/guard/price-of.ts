import { priceFor } from '../../../platform/config/price-for.js';
import type { SmsGuardSettings } from '../../../platform/config/sms-settings.js';

/** What a text costs. */
export interface Price {
  /** Millionths of `currency`: whole numbers, whose sums are exact, as those of fractions are not. */
  readonly micros: number;
  readonly currency: string;
}

/**
 * The price of a text by the settings: the first that matches holds.
 *
 * @param country ISO 3166-1 alpha-2; null, of a number of no country, is met by prices for all countries alone.
 * @returns null where none is configured.
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

/** An amount as millionths, rounded to the nearest. */
export function toMicros(amount: number): number {
  return Math.round(amount * 1_000_000);
}
