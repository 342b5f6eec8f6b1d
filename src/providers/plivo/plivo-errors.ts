import type { Reason } from '../../domain/reason.js';
import { httpVerdict } from '../http-verdict.js';
import { BAD_CREDENTIALS, NO_CREDIT, refuse, retire, retry, STOP, type Verdict } from '../verdict.js';

/** Verdicts of Plivo's errors. The API returns sentences without codes; these codes are ours, for the ledger. */
export const PLIVO_WORDS = {
  invalid_number: retire('number_unreachable'),
  insufficient_credit: NO_CREDIT,
} as const satisfies Readonly<Record<string, Verdict>>;

/**
 * Verdicts by HTTP status, for other sentences.
 *
 * @see https://www.plivo.com/docs/messaging/api/response
 */
export const PLIVO_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'), // missing or invalid parameter
  401: BAD_CREDENTIALS, // wrong credentials
  402: NO_CREDIT,
  404: STOP, // account not found
  405: STOP, // method not allowed
  500: retry(), // server fault
};

/**
 * The `ErrorCode` of a failed message in its delivery reports.
 *
 * @see https://www.plivo.com/docs/messaging/troubleshooting/error-codes
 */
export const PLIVO_REPORT_CODES: Readonly<Record<string, Reason>> = {
  '10': 'message_refused', // invalid according to the carrier
  '20': 'undelivered', // network fault
  '30': 'message_refused', // suspected spam
  '40': 'provider_misconfigured', // the sender is not ours or does not support SMS
  '50': 'number_unreachable', // invalid number
  '60': 'undelivered', // routing loop
  '70': 'number_unreachable', // permanently unavailable
  '80': 'undelivered', // temporarily unavailable
  '90': 'undelivered', // no route
  '100': 'number_unreachable', // the network does not support SMS
  '110': 'message_too_large', // over 1,600 characters, or 737 in UCS-2
  '200': 'opted_out', // STOP
  '201': 'country_not_allowed', // US toll-free senders do not reach Canada
  '420': 'undelivered', // expired in Plivo's queue
  '450': 'country_not_allowed', // not in the account's geo permissions
  '900': 'no_credit',
  '1000': 'undelivered', // unknown reason
};

/**
 * @param words the response's `error`; may contain numbers, so it is never logged or stored.
 * @param number the recipient's number as sent.
 */
export function plivoError(
  status: number,
  words: string,
  number: string,
): { readonly verdict: Verdict; readonly code: string } {
  if (/is not a valid phone number/i.test(words) && words.includes(number)) return word('invalid_number');
  if (/insufficient credit/i.test(words)) return word('insufficient_credit');
  return { verdict: PLIVO_STATUSES[status] ?? httpVerdict(status), code: String(status) };
}

function word(code: keyof typeof PLIVO_WORDS): { readonly verdict: Verdict; readonly code: string } {
  return { verdict: PLIVO_WORDS[code], code };
}
