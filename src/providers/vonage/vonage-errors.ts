import type { Reason } from '../../domain/reason.js';
import { httpVerdict } from '../http-verdict.js';
import { BAD_CREDENTIALS, NO_CREDIT, refuse, retire, retry, STOP, wait, type Verdict } from '../verdict.js';

/** Wait after throttling; the limit is per second. */
const RATE_WAIT_MS = 1_000;

/**
 * The `status` of a part that Vonage's SMS API did not accept; the HTTP status is 200.
 *
 * @see https://developer.vonage.com/en/api-errors/sms
 */
export const VONAGE_STATUSES: Readonly<Record<string, Verdict>> = {
  '1': wait(RATE_WAIT_MS), // throttled
  '2': STOP, // missing parameter: the sender is not set
  '3': refuse('message_refused'), // invalid parameter, not specified which
  '4': BAD_CREDENTIALS, // wrong credentials
  '5': retry(), // platform fault
  '6': refuse('number_unreachable'), // unprocessable, for example an unknown prefix
  '7': refuse('number_unreachable'), // on Vonage's list of barred numbers: the number stays
  '8': STOP, // the account is barred
  '9': NO_CREDIT,
  '10': wait(RATE_WAIT_MS), // too many connections
  '11': STOP, // no permission for this API
  '12': refuse('message_too_large'),
  '14': BAD_CREDENTIALS, // wrong signature: the account requires signed requests
  '15': STOP, // the sender is not allowed
  '22': refuse('message_refused'), // network code mismatch
  '23': STOP, // invalid callback URL
  '29': refuse('message_refused'), // demo accounts send to listed numbers only
  '32': STOP, // both signature and secret given
  '33': retire('number_unreachable'), // deactivated
};

/**
 * The `err-code` of a delivery report; unrelated to `VONAGE_STATUSES`.
 *
 * @see https://developer.vonage.com/en/messaging/sms/guides/delivery-receipts
 */
export const VONAGE_REPORT_CODES: Readonly<Record<string, Reason>> = {
  '1': 'undelivered', // unknown reason
  '2': 'undelivered', // temporarily absent
  '3': 'number_unreachable', // permanently absent
  '4': 'number_unreachable', // barred by the recipient's network
  '5': 'undelivered', // lost after porting
  '6': 'message_refused', // spam filter of the carrier
  '7': 'undelivered', // busy
  '8': 'undelivered', // network fault
  '9': 'opted_out',
  '10': 'message_refused', // invalid parameter
  '11': 'undelivered', // no route
  '12': 'number_unreachable', // no route to this number
  '13': 'message_refused', // age restriction
  '14': 'number_unreachable', // the plan excludes SMS
  '15': 'undelivered', // the recipient has no credit
  '50': 'provider_misconfigured', // the entity is not registered
  '51': 'provider_misconfigured', // the sender is not registered
  '52': 'provider_misconfigured', // the content is not registered
  '53': 'message_refused', // no registered consent
  '54': 'message_refused', // other regulation of the country
  '99': 'undelivered', // routing fault
};

/** @param status status of the first part, if the response has one. */
export function vonageVerdict(httpStatus: number, status: string | undefined): Verdict {
  if (status === undefined) return httpVerdict(httpStatus);
  return (
    (Object.hasOwn(VONAGE_STATUSES, status) ? VONAGE_STATUSES[status] : undefined) ??
    refuse('message_refused')
  );
}
