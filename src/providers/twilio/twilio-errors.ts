import {
  BAD_CREDENTIALS,
  NO_CREDIT,
  refuse,
  retire,
  retry,
  STOP,
  type Verdict,
  UNKNOWN,
  verdictOfStatus,
  wait,
  waitUnclear,
} from '../verdict.js';

/** Too many requests at once; Twilio names no time, and one of them ends soon. */
const RATE_WAIT_MS = 1_000;
/** The sender's queue holds hours of texts: a while helps. */
const QUEUE_WAIT_MS = 60_000;
/** A limit by the day. */
const DAILY_WAIT_MS = 900_000;

const DEAD_NUMBER = retire('number_unreachable');
const NO_NUMBER = retire('invalid_phone_number');

/**
 * Twilio's codes, as they come in the body of an error, as `error_code` of a message that failed at once, or as
 * `ErrorCode` of a receipt.
 * Each has a page of its own: https://www.twilio.com/docs/api/errors/21211
 */
export const TWILIO_CODES: Readonly<Record<number, Verdict>> = {
  // The number
  21211: NO_NUMBER, // not a valid number
  21214: DEAD_NUMBER, // cannot be reached
  21217: NO_NUMBER, // does not appear to be valid
  21265: DEAD_NUMBER, // a short code
  21268: DEAD_NUMBER, // a premium number
  21614: DEAD_NUMBER, // not a mobile number
  21635: DEAD_NUMBER, // a landline
  30005: DEAD_NUMBER, // unknown at its carrier
  30006: DEAD_NUMBER, // a landline, or a carrier that cannot be reached
  21266: refuse('number_unreachable'), // is the sender's own
  21612: refuse('number_unreachable'), // cannot be reached from this sender
  30003: refuse('number_unreachable'), // switched off or out of coverage
  21610: refuse('opted_out'), // may come back by START: the number stays
  21408: refuse('country_not_allowed'), // the account has not been allowed to text this region
  // The message
  21602: refuse('message_refused'), // no text
  21608: refuse('message_refused'), // a trial account texts verified numbers only
  21617: refuse('message_too_large'), // over 1,600 characters
  21619: refuse('message_refused'), // no text
  21658: refuse('message_too_large'), // a field is too long
  30004: refuse('message_refused'), // blocked
  30007: refuse('message_refused'), // filtered by the carrier
  30008: refuse('undelivered'), // the carrier gave no reason
  30019: refuse('message_too_large'), // for the carrier
  30036: refuse('undelivered'), // was not sent within its ValidityPeriod
  30038: refuse('message_refused'), // held to be a one-time password
  30450: refuse('message_refused'), // held to be SMS pumping
  30485: refuse('undelivered'), // no reason given
  // Our capacity. None of these has been processed: sending again is safe.
  14107: wait(RATE_WAIT_MS),
  20429: wait(RATE_WAIT_MS),
  21611: wait(QUEUE_WAIT_MS),
  30001: wait(QUEUE_WAIT_MS),
  // Limits of carriers in the United States, each for its own numbers.
  30022: waitUnclear(QUEUE_WAIT_MS),
  30023: waitUnclear(DAILY_WAIT_MS),
  30027: waitUnclear(DAILY_WAIT_MS),
  30454: wait(DAILY_WAIT_MS),
  63038: wait(DAILY_WAIT_MS),
  // Our account. All three pages name an empty balance as the first cause; a breach of Twilio's rules is another.
  10001: NO_CREDIT, // the account is not active
  20005: NO_CREDIT, // the account is not active
  30002: NO_CREDIT, // the account was suspended while the text was queued
  // Our settings
  20003: BAD_CREDENTIALS, // wrong credentials
  20008: STOP, // test credentials
  20403: BAD_CREDENTIALS, // not allowed
  20404: STOP, // no such account
  21212: STOP, // the sender is not a valid one
  21267: STOP, // a trial account may not send under a name
  21601: STOP, // the sender cannot text
  21603: STOP, // no sender
  21606: STOP, // the sender is not one of the account's, or cannot text
  21609: STOP, // no valid StatusCallback: PUBLIC_URL cannot be reached, or has an underscore in its host name
  21616: STOP, // the sender is ambiguous
  21659: STOP, // the sender is not Twilio's, or a short code of another country
  21660: STOP, // the sender is another account's
  21661: STOP, // the sender cannot text
  21701: STOP, // no such messaging service
  21703: STOP, // the messaging service has no sender for this
  21704: STOP, // the messaging service has no sender
  21705: STOP, // not a messaging service
  30024: STOP, // the carrier does not know the sender yet
  30032: STOP, // the toll-free sender is not verified
  30033: STOP, // the carriers' campaign is suspended
  30034: STOP, // the sender is not registered with the carriers
  30035: STOP, // the sender is not registered with the carriers yet
  30037: STOP, // the account may not send
  30040: STOP, // the country wants senders to be registered
  30041: STOP, // the country wants senders to be registered
  // Twilio itself
  20500: retry(),
  20503: retry(),
  21730: retry(), // maintenance
  30020: retry(),
  30021: retry(),
};

/** Answers without a code that is known. */
const TWILIO_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  408: UNKNOWN,
  413: refuse('message_too_large'),
  429: wait(RATE_WAIT_MS),
  504: UNKNOWN,
};

/** @param code Twilio's own, where the answer has one. */
export function twilioVerdict(status: number, code: number | undefined): Verdict {
  if (code !== undefined && Object.hasOwn(TWILIO_CODES, code)) return TWILIO_CODES[code] ?? STOP;
  const known = TWILIO_STATUSES[status];
  if (known) return known;
  // A message that failed at once, for a reason that is not in the table.
  if (status < 300) return refuse('message_refused');
  return verdictOfStatus(status);
}
