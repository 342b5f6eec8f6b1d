// The smallest of the library's number plans: it knows the lengths of every country and, where countries share a
// calling code, their prefixes. The larger ones add ranges of mobile and fixed lines, which age: a number from a range
// opened since would be refused here, while the vendor, who is up to date, would have taken it. What kind a number is of, `takes-texts.ts` says.
import { isSupportedCountry, parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/min';

/**
 * A phone number in E.164 (`+14155550100`).
 *
 * @param defaultCountry the country (ISO 3166-1 alpha-2) of numbers that are written without one.
 * @returns undefined where it is no number, has an extension (no text reaches one), or is of a length that its
 *   country does not use. Whether somebody has the number is for the vendor to say.
 */
export function toE164(text: string, defaultCountry: string | undefined): string | undefined {
  return parse(text, defaultCountry)?.number;
}

/**
 * The country of a number in E.164, as ISO 3166-1 alpha-2. Where countries share a calling code and the number does
 * not tell which it is, the one that is named first for that code (US for +1, GB for +44).
 *
 * @returns undefined for numbers of no country, such as those of satellite networks.
 */
export function countryOf(phno: string): string | undefined {
  const number = parse(phno, undefined);
  return number?.country ?? number?.getPossibleCountries()[0];
}

function parse(text: string, defaultCountry: string | undefined): PhoneNumber | undefined {
  const country =
    defaultCountry !== undefined && isSupportedCountry(defaultCountry) ? { defaultCountry } : {};
  // Without `extract: false` it would find a number anywhere within a text.
  const number = parsePhoneNumberFromString(text.trim(), { ...country, extract: false });
  return number?.isPossible() && number.ext === undefined ? number : undefined;
}
