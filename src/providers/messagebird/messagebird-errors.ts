import type { Reason } from '../../domain/reason.js';
import { httpVerdict } from '../http-verdict.js';
import { BAD_CREDENTIALS, NO_CREDIT, refuse, retire, STOP, type Verdict } from '../verdict.js';

const DEAD_NUMBER = retire('number_unreachable');
const TOO_LARGE = refuse('message_too_large');

/**
 * Codes of the errors that MessageBird's API answers with, with the parameter that they are about where that decides.
 * Others mean what the status of the answer says.
 *
 * @see https://developers.messagebird.com/api/#api-errors
 */
export const MESSAGEBIRD_CODES: Readonly<Record<string, Verdict>> = {
  '2': BAD_CREDENTIALS, // not allowed: wrong access key
  '9': refuse('message_refused'), // a parameter is missing
  '9 recipient': DEAD_NUMBER, // no correct recipient
  '9 recipients': DEAD_NUMBER,
  '9 originator': STOP, // no sender
  '10': refuse('message_refused'), // a parameter is invalid
  '10 recipient': DEAD_NUMBER,
  '10 recipients': DEAD_NUMBER,
  '10 originator': STOP, // not a sender that the account may use
  '10 body': TOO_LARGE, // there is one, so it is too long: over 1,377 characters, or 603 in UCS-2
  '10 reportUrl': STOP, // our callback address is not a valid one
  '20': STOP, // nothing there
  '25': NO_CREDIT,
};

/**
 * The `statusErrorCode` of a receipt.
 *
 * @see https://docs.bird.com/api/channels-api/message-status-and-interactions/message-failure-sources/sms-platform-extended-error-codes
 */
export const MESSAGEBIRD_RECEIPT_CODES: Readonly<Record<string, Reason>> = {
  '1': 'number_unreachable', // unknown subscriber
  '5': 'number_unreachable', // unidentified subscriber
  '103': 'opted_out',
};

/** The `statusReason` of a receipt, where its code is missing or not known. */
export const MESSAGEBIRD_RECEIPT_REASONS: Readonly<Record<string, Reason>> = {
  'unknown subscriber': 'number_unreachable',
  'incorrect number': 'number_unreachable',
  'unavailable subscriber': 'undelivered', // switched off or out of coverage
  'opted out': 'opted_out',
  'carrier rejected': 'message_refused',
  'insufficient balance': 'no_credit',
  'received network error': 'undelivered',
  'capacity limit reached': 'undelivered',
  'dlr not received': 'undelivered', // no word from the carrier in time
  'generic delivery failure': 'undelivered',
  expired: 'undelivered',
};

/** @param words the error's `description`, which may name a number: it is looked at here and shown nowhere. */
export function messageBirdError(
  status: number,
  code: number | undefined,
  parameter: string | undefined,
  words: string,
): { readonly verdict: Verdict; readonly vendorCode: string } {
  if (code === undefined) return { verdict: httpVerdict(status), vendorCode: String(status) };
  // An account on trial texts its own number only; the rest are refused as if they were not numbers.
  if (/\btest period\b/i.test(words)) return { verdict: refuse('message_refused'), vendorCode: String(code) };
  const full = `${code} ${parameter ?? ''}`;
  const vendorCode = Object.hasOwn(MESSAGEBIRD_CODES, full) ? full : String(code);
  const known = Object.hasOwn(MESSAGEBIRD_CODES, vendorCode) ? MESSAGEBIRD_CODES[vendorCode] : undefined;
  return { verdict: known ?? httpVerdict(status), vendorCode };
}
