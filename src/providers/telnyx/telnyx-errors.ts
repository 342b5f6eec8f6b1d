import type { Reason } from '../../domain/reason.js';
import { httpVerdict } from '../http-verdict.js';
import { isObject } from '../vendor-request.js';
import {
  BAD_CREDENTIALS,
  NO_CREDIT,
  refuse,
  retire,
  retry,
  STOP,
  UNKNOWN,
  wait,
  type Verdict,
} from '../verdict.js';

/** Wait after too many requests; limits are per second. */
const RATE_WAIT_MS = 1_000;
/** Wait for a full sender queue, or a sender whose purchase is pending. */
const QUEUE_WAIT_MS = 60_000;

const DEAD_NUMBER = retire('number_unreachable');

/**
 * Error codes of Telnyx's API.
 *
 * @see https://developers.telnyx.com/docs/messaging/messages/error-codes
 * @see https://developers.telnyx.com/development/api-fundamentals/api-errors
 */
export const TELNYX_CODES: Readonly<Record<string, Verdict>> = {
  // Number
  '10001': DEAD_NUMBER, // inactive
  '10002': DEAD_NUMBER, // invalid
  '10016': DEAD_NUMBER, // not in E.164
  '40001': DEAD_NUMBER, // landline or unroutable
  '40012': DEAD_NUMBER, // invalid according to the carrier
  '40310': DEAD_NUMBER, // invalid `to`
  '40300': refuse('opted_out'), // may opt in again with START: the number stays
  '40301': refuse('number_unreachable'), // does not receive this kind of message
  '40309': refuse('country_not_allowed'), // not in the profile's regions
  '40319': refuse('number_unreachable'), // does not receive this kind of message from this sender
  // Message
  '10015': refuse('message_refused'), // malformed
  '40009': refuse('message_refused'), // invalid text
  '40302': refuse('message_too_large'),
  '40304': refuse('message_refused'), // contradictory content
  '40316': refuse('message_refused'), // no content
  '40322': refuse('message_refused'), // blocked for its content
  '40328': refuse('message_too_large'), // more parts than recommended
  // Capacity
  '10011': wait(RATE_WAIT_MS),
  '40011': wait(RATE_WAIT_MS),
  '40318': wait(QUEUE_WAIT_MS), // queue full
  '40320': wait(QUEUE_WAIT_MS), // the sender's purchase is pending
  // Account and settings
  '10003': STOP, // invalid callback URL
  '10004': STOP, // no sender and no profile
  '10005': STOP, // resource not found
  '10006': STOP, // profile not found
  '10009': BAD_CREDENTIALS, // wrong credentials
  '10010': BAD_CREDENTIALS, // not allowed
  '20002': BAD_CREDENTIALS, // the key is revoked
  '20006': BAD_CREDENTIALS, // the key has expired
  '20012': STOP, // the account is not active
  '20013': STOP, // the account is blocked
  '20014': STOP, // the account is not verified
  '20015': STOP, // the feature is not enabled
  '20016': STOP, // account verification insufficient
  '20017': STOP, // account verification insufficient
  '20100': NO_CREDIT,
  '40010': STOP, // the sender is not registered (10DLC)
  '40013': STOP, // the sender is not active
  '40100': STOP, // the sender does not support messaging
  '40305': STOP, // invalid `from`
  '40306': STOP, // sender names are not enabled
  '40311': STOP, // invalid profile secret
  '40312': STOP, // the profile is disabled
  '40313': STOP, // missing profile secret
  '40314': STOP, // messaging is disabled
  '40315': STOP, // the sender is considered unhealthy
  '40321': STOP, // the profile has no usable number
  '40329': STOP, // the toll-free sender is not verified
  // Telnyx
  '10007': retry(),
  '10008': UNKNOWN, // timeout
};

/** Error codes in delivery reports that differ from `TELNYX_CODES`. */
export const TELNYX_REPORT_CODES: Readonly<Record<string, Reason>> = {
  '40002': 'message_refused', // suspected spam, temporary
  '40003': 'message_refused', // suspected spam, permanent
  '40004': 'undelivered', // rejected, unknown reason
  '40005': 'undelivered', // expired in transit
  '40006': 'undelivered', // the recipient's server is unavailable
  '40008': 'undelivered', // rejected by the carrier
  '40010': 'provider_misconfigured', // the sender is not registered (10DLC)
  '40011': 'undelivered', // rate limit of the carrier
  '40013': 'provider_misconfigured', // invalid sender according to the carrier
  '40014': 'undelivered', // expired in Telnyx's queue
  '40015': 'message_refused', // suspected spam (Telnyx)
  '40016': 'undelivered', // over T-Mobile's daily limit
  '40017': 'message_refused', // suspected spam (AT&T)
  '40018': 'undelivered', // over AT&T's limit per minute
};

/** The code of the first error in an answer and the field that it concerns. */
export function telnyxError(answer: Readonly<Record<string, unknown>> | undefined): {
  code: string | undefined;
  pointer: string | undefined;
} {
  const errors: unknown = answer?.['errors'];
  const error: unknown = Array.isArray(errors) ? errors[0] : undefined;
  if (!isObject(error)) return { code: undefined, pointer: undefined };
  const { code, source } = error;
  const pointer = isObject(source) ? source['pointer'] : undefined;
  return {
    code: typeof code === 'string' ? code : undefined,
    pointer: typeof pointer === 'string' ? pointer : undefined,
  };
}

/** @param pointer location of the fault in the request: errors about numbers may concern our own sender. */
export function telnyxVerdict(
  status: number,
  code: string | undefined,
  pointer: string | undefined,
): Verdict {
  if (pointer === '/from' || pointer === '/messaging_profile_id') return STOP;
  return (code === undefined ? undefined : knownVerdict(code)) ?? httpVerdict(status);
}

export function telnyxReason(code: string): Reason {
  if (Object.hasOwn(TELNYX_REPORT_CODES, code)) return TELNYX_REPORT_CODES[code] ?? 'undelivered';
  const verdict = knownVerdict(code);
  return verdict?.action === 'refuse' ? verdict.reason : 'undelivered';
}

function knownVerdict(code: string): Verdict | undefined {
  return Object.hasOwn(TELNYX_CODES, code) ? TELNYX_CODES[code] : undefined;
}
