// The largest of the library's number plans, for the kinds of numbers alone: see ADR 0020.
import { parsePhoneNumberFromString, type PhoneNumberType } from 'libphonenumber-js/max';

/** Kinds of numbers behind which nobody reads texts. VoIP and personal numbers may well take them. */
const WITHOUT_SMS: ReadonlySet<PhoneNumberType> = new Set([
  'FIXED_LINE',
  'PREMIUM_RATE',
  'TOLL_FREE',
  'SHARED_COST',
  'PAGER',
  'UAN',
  'VOICEMAIL',
]);

/** Toll-free numbers of North America can be enabled for texts. */
const WITH_TOLL_FREE_SMS = '1';
/** A mobile number of Argentina is often written without the 9 that tells it from a fixed line. */
const WITHOUT_CLEAR_KINDS = '54';

/**
 * Whether a number in E.164 may take texts. Only a kind that the number plan is sure of speaks against it: a range
 * that is newer than the plan, and one that mobile and fixed lines share, are left for the vendor to judge.
 */
export function receivesSms(phno: string): boolean {
  const number = parsePhoneNumberFromString(phno);
  const type = number?.getType();
  if (number === undefined || type === undefined || !WITHOUT_SMS.has(type)) return true;
  const { countryCallingCode } = number;
  if (countryCallingCode === WITHOUT_CLEAR_KINDS) return true;
  return type === 'TOLL_FREE' && countryCallingCode === WITH_TOLL_FREE_SMS;
}
