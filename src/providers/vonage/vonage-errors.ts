import type { Reason } from '../../domain/reason.js';
import { httpVerdict } from '../http-verdict.js';
import { BAD_CREDENTIALS, NO_CREDIT, refuse, retire, retry, STOP, wait, type Verdict } from '../verdict.js';

/** Faster than the account may send, which is counted by the second. */
const RATE_WAIT_MS = 1_000;

/**
 * The `status` of a part that Vonage's SMS API did not take; the HTTP status is 200 all the same.
 *
 * @see https://developer.vonage.com/en/api-errors/sms
 */
export const VONAGE_STATUSES: Readonly<Record<string, Verdict>> = {
  '1': wait(RATE_WAIT_MS), // throttled
  '2': STOP, // a parameter is missing: the sender is not set
  '3': refuse('message_refused'), // a parameter is invalid, and not which
  '4': BAD_CREDENTIALS, // wrong credentials
  '5': retry(), // a fault of the platform
  '6': refuse('number_unreachable'), // cannot be processed, such as an unknown prefix
  '7': refuse('number_unreachable'), // on Vonage's own list of barred numbers: it may live
  '8': STOP, // the account is barred
  '9': NO_CREDIT,
  '10': wait(RATE_WAIT_MS), // too many connections
  '11': STOP, // the account may not use this API
  '12': refuse('message_too_large'),
  '14': BAD_CREDENTIALS, // wrong signature: the account wants its requests signed
  '15': STOP, // the sender is not allowed
  '22': refuse('message_refused'), // the network code does not fit
  '23': STOP, // our callback address is not a valid one
  '29': refuse('message_refused'), // a demo account texts listed numbers only
  '32': STOP, // a signature beside the secret
  '33': retire('number_unreachable'), // de-activated
};

/**
 * The `err-code` of a delivery receipt. The numbers are not those of `VONAGE_STATUSES`.
 *
 * @see https://developer.vonage.com/en/messaging/sms/guides/delivery-receipts
 */
export const VONAGE_RECEIPT_CODES: Readonly<Record<string, Reason>> = {
  '1': 'undelivered', // for a reason that is not known
  '2': 'undelivered', // absent for now
  '3': 'number_unreachable', // absent for good
  '4': 'number_unreachable', // barred at the user's network
  '5': 'undelivered', // ported, and lost on the way
  '6': 'message_refused', // a carrier's spam filter
  '7': 'undelivered', // busy
  '8': 'undelivered', // a fault of the network
  '9': 'opted_out',
  '10': 'message_refused', // a parameter does not fit
  '11': 'undelivered', // no route
  '12': 'number_unreachable', // no route to this number
  '13': 'message_refused', // the person is too young for it
  '14': 'number_unreachable', // the plan has no texts
  '15': 'undelivered', // the person has no credit
  '50': 'provider_misconfigured', // the entity is not registered
  '51': 'provider_misconfigured', // the sender is not registered
  '52': 'provider_misconfigured', // the content is not registered
  '53': 'message_refused', // no consent is registered
  '54': 'message_refused', // another rule of the country
  '99': 'undelivered', // a fault of the route
};

/** @param status the first part's own, where the answer has one. */
export function vonageVerdict(httpStatus: number, status: string | undefined): Verdict {
  if (status === undefined) return httpVerdict(httpStatus);
  return (
    (Object.hasOwn(VONAGE_STATUSES, status) ? VONAGE_STATUSES[status] : undefined) ??
    refuse('message_refused')
  );
}
