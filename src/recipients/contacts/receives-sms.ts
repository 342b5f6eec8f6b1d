// The library's largest metadata, used only for number types (ADR 0020).
import { parsePhoneNumberFromString, type PhoneNumberType } from 'libphonenumber-js/max';

/** Number types that receive no SMS. VoIP and personal numbers may receive them. */
const WITHOUT_SMS: ReadonlySet<PhoneNumberType> = new Set([
  'FIXED_LINE',
  'PREMIUM_RATE',
  'TOLL_FREE',
  'SHARED_COST',
  'PAGER',
  'UAN',
  'VOICEMAIL',
]);

/** Toll-free numbers in North America can be enabled for SMS. */
const WITH_TOLL_FREE_SMS = '1';
/** Mobile numbers in Argentina are often written without the 9 that distinguishes them from fixed lines. */
const AMBIGUOUS_TYPES = '54';

/**
 * Whether a number in E.164 may receive SMS; false only if its type is certain. Ranges newer than the metadata, or
 * shared by mobile and fixed lines, are left to the vendor.
 */
export function receivesSms(phno: string): boolean {
  const number = parsePhoneNumberFromString(phno);
  const type = number?.getType();
  if (number === undefined || type === undefined || !WITHOUT_SMS.has(type)) return true;
  const { countryCallingCode } = number;
  if (countryCallingCode === AMBIGUOUS_TYPES) return true;
  return type === 'TOLL_FREE' && countryCallingCode === WITH_TOLL_FREE_SMS;
}
