import type { SmsPriceSettings } from './sms-settings.js';

/**
 * The first matching price of an SMS through a provider to a country.
 *
 * @param country null matches only prices for all countries.
 */
export function priceFor(
  prices: readonly SmsPriceSettings[],
  provider: string,
  country: string | null,
): SmsPriceSettings | undefined {
  return prices.find(
    (price) =>
      (price.provider === undefined || price.provider === provider) &&
      (price.countries === undefined || (country !== null && price.countries.includes(country))),
  );
}
