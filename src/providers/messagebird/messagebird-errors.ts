import type { Reason } from '../../domain/reason.js';
import { httpVerdict } from '../http-verdict.js';
import { isObject } from '../vendor-request.js';
import { BAD_CREDENTIALS, NO_CREDIT, refuse, retire, STOP, type Verdict } from '../verdict.js';

const DEAD_NUMBER = retire('number_unreachable');
const TOO_LARGE = refuse('message_too_large');

/**
 * Error codes of MessageBird's API, with the parameter if it matters. Other errors are judged by their HTTP status.
 *
 * @see https://developers.messagebird.com/api/#api-errors
 */
export const MESSAGEBIRD_CODES: Readonly<Record<string, Verdict>> = {
  '2': BAD_CREDENTIALS, // wrong access key
  '9': refuse('message_refused'), // missing parameter
  '9 recipient': DEAD_NUMBER, // no valid recipient
  '9 recipients': DEAD_NUMBER,
  '9 originator': STOP, // missing sender
  '10': refuse('message_refused'), // invalid parameter
  '10 recipient': DEAD_NUMBER,
  '10 recipients': DEAD_NUMBER,
  '10 originator': STOP, // sender not allowed for the account
  '10 body': TOO_LARGE, // too long: over 1,377 characters, or 603 in UCS-2
  '10 reportUrl': STOP, // invalid callback URL
  '20': STOP, // not found
  '25': NO_CREDIT,
};

/**
 * The `statusErrorCode` of a delivery report.
 *
 * @see
 * https://docs.bird.com/api/channels-api/message-status-and-interactions/message-failure-sources/sms-platform-extended-error-codes
 */
export const MESSAGEBIRD_REPORT_CODES: Readonly<Record<string, Reason>> = {
  '1': 'number_unreachable', // unknown subscriber
  '5': 'number_unreachable', // unidentified subscriber
  '103': 'opted_out',
};

/** The `statusReason` of a delivery report without a known code. */
export const MESSAGEBIRD_REPORT_REASONS: Readonly<Record<string, Reason>> = {
  'unknown subscriber': 'number_unreachable',
  'incorrect number': 'number_unreachable',
  'unavailable subscriber': 'undelivered', // off or out of coverage
  'opted out': 'opted_out',
  'carrier rejected': 'message_refused',
  'insufficient balance': 'no_credit',
  'received network error': 'undelivered',
  'capacity limit reached': 'undelivered',
  'dlr not received': 'undelivered', // no timely report from the carrier
  'generic delivery failure': 'undelivered',
  expired: 'undelivered',
};

/** @param words the error's `description`; may contain a number, so it is never logged or stored. */
export function messageBirdError(
  status: number,
  code: number | undefined,
  parameter: string | undefined,
  words: string,
): { readonly verdict: Verdict; readonly vendorCode: string } {
  if (code === undefined) return { verdict: httpVerdict(status), vendorCode: String(status) };
  // Trial accounts send to their own number only; the error for all others is that of an invalid number.
  if (/\btest period\b/i.test(words)) return { verdict: refuse('message_refused'), vendorCode: String(code) };
  const full = `${code} ${parameter ?? ''}`;
  const vendorCode = Object.hasOwn(MESSAGEBIRD_CODES, full) ? full : String(code);
  const known = Object.hasOwn(MESSAGEBIRD_CODES, vendorCode) ? MESSAGEBIRD_CODES[vendorCode] : undefined;
  return { verdict: known ?? httpVerdict(status), vendorCode };
}

/** The first error in an answer. @param status its HTTP status, which decides without a known error. */
export function readMessageBirdError(
  status: number,
  answer: Readonly<Record<string, unknown>> | undefined,
): { readonly verdict: Verdict; readonly vendorCode: string } {
  const errors: unknown = answer?.['errors'];
  const error: unknown = Array.isArray(errors) ? errors[0] : undefined;
  const { code, parameter, description } = isObject(error) ? error : {};
  return messageBirdError(
    status,
    typeof code === 'number' ? code : undefined,
    typeof parameter === 'string' ? parameter : undefined,
    typeof description === 'string' ? description : '',
  );
}
