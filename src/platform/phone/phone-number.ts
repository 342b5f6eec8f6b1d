// The smallest number plan: possible lengths per country, and prefixes of countries with a shared calling code. The
// larger plans also list mobile and fixed-line ranges, which become outdated and would refuse newer numbers. The number
// type comes from `receives-sms.ts`.
import { isSupportedCountry, parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/min';

/**
 * Parses a phone number into E.164 (`+14155550100`).
 *
 * @param defaultCountry the country (ISO 3166-1 alpha-2) of numbers without a country code.
 * @returns undefined if it is not a number, has an extension, or has a length that its country does not use. Only the
 *   vendor knows whether it is assigned.
 */
export function toE164(text: string, defaultCountry: string | undefined): string | undefined {
  return parse(text, defaultCountry)?.number;
}

/**
 * The country (ISO 3166-1 alpha-2) of a number in E.164. An ambiguous number of a shared calling code belongs to the
 * code's main country (US for +1, GB for +44).
 *
 * @returns undefined for numbers without a country, such as those of satellite networks.
 */
export function countryOf(phno: string): string | undefined {
  const number = parse(phno, undefined);
  return number?.country ?? number?.getPossibleCountries()[0];
}

function parse(text: string, defaultCountry: string | undefined): PhoneNumber | undefined {
  const country =
    defaultCountry !== undefined && isSupportedCountry(defaultCountry) ? { defaultCountry } : {};
  // Without `extract: false` it would find a number anywhere in the string.
  const number = parsePhoneNumberFromString(text.trim(), { ...country, extract: false });
  return number?.isPossible() && number.ext === undefined ? number : undefined;
}
