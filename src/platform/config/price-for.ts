import type { SmsPriceSettings } from './sms-settings.js';

/**
 * The price that holds for texts through a provider to a country: the first that matches.
 *
 * @param country null: of no country, or of any; only prices for all countries match.
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
