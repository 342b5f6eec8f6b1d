// The same number plans as for contacts, so that both write a number in the same way.
import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * The number of somebody who texts or is texted, in E.164.
 *
 * @param defaultCountry the country (ISO 3166-1 alpha-2) of numbers that are written without one.
 * @returns undefined where it is none, such as a short code or a name.
 */
export function e164Of(text: string, defaultCountry?: string): string | undefined {
  const country =
    defaultCountry !== undefined && isSupportedCountry(defaultCountry) ? { defaultCountry } : {};
  const number = parsePhoneNumberFromString(text.trim(), { ...country, extract: false });
  return number?.isPossible() && number.ext === undefined ? number.number : undefined;
}
