import type { Reason } from '../../domain/reason.js';
import { httpVerdict } from '../http-verdict.js';
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

/** Too many requests, which are counted by the second. */
const RATE_WAIT_MS = 1_000;
/** The sender's queue is full, or it is not quite ours yet: a while helps. */
const QUEUE_WAIT_MS = 60_000;

const DEAD_NUMBER = retire('number_unreachable');

/**
 * Codes of the errors that Telnyx's API answers with.
 *
 * @see https://developers.telnyx.com/docs/messaging/messages/error-codes
 * @see https://developers.telnyx.com/development/api-fundamentals/api-errors
 */
export const TELNYX_CODES: Readonly<Record<string, Verdict>> = {
  // The number
  '10001': DEAD_NUMBER, // inactive
  '10002': DEAD_NUMBER, // invalid
  '10016': DEAD_NUMBER, // not in E.164
  '40001': DEAD_NUMBER, // a landline, or cannot be routed to
  '40012': DEAD_NUMBER, // invalid, a carrier says
  '40310': DEAD_NUMBER, // an invalid `to`
  '40300': refuse('opted_out'), // may come back by START: the number stays
  '40301': refuse('number_unreachable'), // takes no messages of this kind
  '40309': refuse('country_not_allowed'), // not among the profile's regions
  '40319': refuse('number_unreachable'), // takes no messages of this kind from this sender
  // The message
  '10015': refuse('message_refused'), // not well formed
  '40009': refuse('message_refused'), // an invalid text
  '40302': refuse('message_too_large'),
  '40304': refuse('message_refused'), // its contents do not go together
  '40316': refuse('message_refused'), // no content
  '40322': refuse('message_refused'), // blocked for its content
  '40328': refuse('message_too_large'), // more parts than are recommended
  // Our capacity
  '10011': wait(RATE_WAIT_MS),
  '40011': wait(RATE_WAIT_MS),
  '40318': wait(QUEUE_WAIT_MS), // the queue is full
  '40320': wait(QUEUE_WAIT_MS), // the sender's purchase is under way
  // Our account and settings
  '10003': STOP, // our callback address is not a valid one
  '10004': STOP, // no sender and no profile
  '10005': STOP, // no such resource
  '10006': STOP, // no such profile
  '10009': BAD_CREDENTIALS, // wrong credentials
  '10010': BAD_CREDENTIALS, // not allowed
  '20002': BAD_CREDENTIALS, // the key is revoked
  '20006': BAD_CREDENTIALS, // the key has expired
  '20012': STOP, // the account is not active
  '20013': STOP, // the account is blocked
  '20014': STOP, // the account is not verified
  '20015': STOP, // the feature is not enabled
  '20016': STOP, // the account is not verified far enough
  '20017': STOP, // the account is not verified far enough
  '20100': NO_CREDIT,
  '40010': STOP, // the sender is not registered (10DLC)
  '40013': STOP, // the sender is not active
  '40100': STOP, // the sender has no messaging
  '40305': STOP, // an invalid `from`
  '40306': STOP, // names are not set up as senders
  '40311': STOP, // an invalid secret of the profile
  '40312': STOP, // the profile is disabled
  '40313': STOP, // the profile's secret is missing
  '40314': STOP, // messaging is disabled
  '40315': STOP, // the sender is held to be unhealthy
  '40321': STOP, // the profile has no number that can be used
  '40329': STOP, // the toll-free sender is not verified
  // Telnyx itself
  '10007': retry(),
  '10008': UNKNOWN, // a time-out
};

/** Codes of the errors in a receipt, where they do not mean what `TELNYX_CODES` says. */
export const TELNYX_RECEIPT_CODES: Readonly<Record<string, Reason>> = {
  '40002': 'message_refused', // held to be spam, for now
  '40003': 'message_refused', // held to be spam, for good
  '40004': 'undelivered', // rejected for a reason that is not known
  '40005': 'undelivered', // expired on the way
  '40006': 'undelivered', // the recipient's server is away
  '40008': 'undelivered', // the carrier did not take it
  '40010': 'provider_misconfigured', // the sender is not registered (10DLC)
  '40011': 'undelivered', // too many at the carrier
  '40013': 'provider_misconfigured', // the sender, a carrier says
  '40014': 'undelivered', // expired in Telnyx's queue
  '40015': 'message_refused', // held to be spam by Telnyx
  '40016': 'undelivered', // over T-Mobile's limit for the day
  '40017': 'message_refused', // held to be spam by AT&T
  '40018': 'undelivered', // over AT&T's limit for the minute
};

/** @param pointer where in the request the fault is: what is said of a number may be said of our own. */
export function telnyxVerdict(
  status: number,
  code: string | undefined,
  pointer: string | undefined,
): Verdict {
  if (pointer === '/from' || pointer === '/messaging_profile_id') return STOP;
  return (code === undefined ? undefined : knownVerdict(code)) ?? httpVerdict(status);
}

export function telnyxReason(code: string): Reason {
  if (Object.hasOwn(TELNYX_RECEIPT_CODES, code)) return TELNYX_RECEIPT_CODES[code] ?? 'undelivered';
  const verdict = knownVerdict(code);
  return verdict?.action === 'refuse' ? verdict.reason : 'undelivered';
}

function knownVerdict(code: string): Verdict | undefined {
  return Object.hasOwn(TELNYX_CODES, code) ? TELNYX_CODES[code] : undefined;
}
