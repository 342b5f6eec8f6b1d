import type { Reason } from '../../domain/reason.js';
import { httpVerdict } from '../http-verdict.js';
import { BAD_CREDENTIALS, NO_CREDIT, refuse, retire, retry, STOP, type Verdict } from '../verdict.js';

/** Errors of Plivo's API, which have words and no codes; these are the codes that the ledger shows for them. */
export const PLIVO_WORDS = {
  invalid_number: retire('number_unreachable'),
  insufficient_credit: NO_CREDIT,
} as const satisfies Readonly<Record<string, Verdict>>;

/**
 * What a status means where the words say nothing more.
 *
 * @see https://www.plivo.com/docs/messaging/api/response
 */
export const PLIVO_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'), // a parameter is missing or invalid
  401: BAD_CREDENTIALS, // wrong credentials
  402: NO_CREDIT,
  404: STOP, // no such account
  405: STOP, // not our method to use
  500: retry(), // a fault of the server
};

/**
 * The `ErrorCode` of a message that failed, in its receipts.
 *
 * @see https://www.plivo.com/docs/messaging/troubleshooting/error-codes
 */
export const PLIVO_RECEIPT_CODES: Readonly<Record<string, Reason>> = {
  '10': 'message_refused', // invalid, a carrier says
  '20': 'undelivered', // a fault of the network
  '30': 'message_refused', // held to be spam
  '40': 'provider_misconfigured', // the sender is not ours, or takes no texts
  '50': 'number_unreachable', // not a valid number
  '60': 'undelivered', // went in a circle
  '70': 'number_unreachable', // unavailable for good
  '80': 'undelivered', // unavailable for now
  '90': 'undelivered', // no route
  '100': 'number_unreachable', // the network takes no texts
  '110': 'message_too_large', // over 1,600 characters, or 737 in UCS-2
  '200': 'opted_out', // STOP
  '201': 'country_not_allowed', // a toll-free sender of the US does not reach Canada
  '420': 'undelivered', // expired in Plivo's queue
  '450': 'country_not_allowed', // not among the account's geo permissions
  '900': 'no_credit',
  '1000': 'undelivered', // for a reason that is not known
};

/**
 * @param words the answer's `error`, which names numbers: it is looked at here and shown nowhere.
 * @param number the recipient's, as it was sent.
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
