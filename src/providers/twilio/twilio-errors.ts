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

/** Wait after too many concurrent requests; Twilio states none, and one of them ends soon. */
const RATE_WAIT_MS = 1_000;
/** Wait for a full sender queue, which holds hours of SMS. */
const QUEUE_WAIT_MS = 60_000;
/** Wait after a daily limit. */
const DAILY_WAIT_MS = 900_000;

const DEAD_NUMBER = retire('number_unreachable');
const NO_NUMBER = retire('invalid_phone_number');

/**
 * Twilio's error codes, in an error body, as `error_code` of a message that failed at once, or as `ErrorCode` of a
 * delivery report. Each has its own page: https://www.twilio.com/docs/api/errors/21211
 */
export const TWILIO_CODES: Readonly<Record<number, Verdict>> = {
  // Number
  21211: NO_NUMBER, // invalid number
  21214: DEAD_NUMBER, // unreachable
  21217: NO_NUMBER, // apparently invalid
  21265: DEAD_NUMBER, // a short code
  21268: DEAD_NUMBER, // a premium number
  21614: DEAD_NUMBER, // not a mobile number
  21635: DEAD_NUMBER, // a landline
  30005: DEAD_NUMBER, // unknown to its carrier
  30006: DEAD_NUMBER, // landline or unreachable carrier
  21266: refuse('number_unreachable'), // same as the sender
  21612: refuse('number_unreachable'), // unreachable from this sender
  30003: refuse('number_unreachable'), // off or out of coverage
  21610: refuse('opted_out'), // may opt in again with START: the number stays
  21408: refuse('country_not_allowed'), // region not enabled for the account
  // Message
  21602: refuse('message_refused'), // no text
  21608: refuse('message_refused'), // trial accounts send to verified numbers only
  21617: refuse('message_too_large'), // over 1,600 characters
  21619: refuse('message_refused'), // no text
  21658: refuse('message_too_large'), // a field is too long
  30004: refuse('message_refused'), // blocked
  30007: refuse('message_refused'), // filtered by the carrier
  30008: refuse('undelivered'), // the carrier gave no reason
  30019: refuse('message_too_large'), // limit of the carrier
  30036: refuse('undelivered'), // not sent within ValidityPeriod
  30038: refuse('message_refused'), // suspected one-time password
  30450: refuse('message_refused'), // suspected SMS pumping
  30485: refuse('undelivered'), // no reason given
  // Capacity. None of these was processed, so sending again is safe.
  14107: wait(RATE_WAIT_MS),
  20429: wait(RATE_WAIT_MS),
  21611: wait(QUEUE_WAIT_MS),
  30001: wait(QUEUE_WAIT_MS),
  // Limits of US carriers, each for its own numbers.
  30022: waitUnclear(QUEUE_WAIT_MS),
  30023: waitUnclear(DAILY_WAIT_MS),
  30027: waitUnclear(DAILY_WAIT_MS),
  30454: wait(DAILY_WAIT_MS),
  63038: wait(DAILY_WAIT_MS),
  // Account. All three pages name an empty balance as the first cause; a violation of Twilio's rules is another.
  10001: NO_CREDIT, // the account is not active
  20005: NO_CREDIT, // the account is not active
  30002: NO_CREDIT, // the account was suspended while the SMS was queued
  // Settings
  20003: BAD_CREDENTIALS, // wrong credentials
  20008: STOP, // test credentials
  20403: BAD_CREDENTIALS, // no permission
  20404: STOP, // account not found
  21212: STOP, // invalid sender
  21267: STOP, // trial accounts cannot use a sender name
  21601: STOP, // the sender does not support SMS
  21603: STOP, // missing sender
  21606: STOP, // the sender is not the account's or does not support SMS
  21609: STOP, // invalid StatusCallback: PUBLIC_URL is unreachable, or its host name has an underscore
  21616: STOP, // the sender is ambiguous
  21659: STOP, // the sender is not Twilio's, or a short code of another country
  21660: STOP, // the sender belongs to another account
  21661: STOP, // the sender does not support SMS
  21701: STOP, // messaging service not found
  21703: STOP, // the messaging service has no matching sender
  21704: STOP, // the messaging service has no sender
  21705: STOP, // not a messaging service
  30024: STOP, // the carrier does not know the sender yet
  30032: STOP, // the toll-free sender is not verified
  30033: STOP, // the carriers' campaign is suspended
  30034: STOP, // the sender is not registered with the carriers
  30035: STOP, // the sender is not registered with the carriers yet
  30037: STOP, // the account may not send
  30040: STOP, // the country requires registered senders
  30041: STOP, // the country requires registered senders
  // Twilio
  20500: retry(),
  20503: retry(),
  21730: retry(), // maintenance
  30020: retry(),
  30021: retry(),
};

/** Responses without a known code. */
const TWILIO_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  408: UNKNOWN,
  413: refuse('message_too_large'),
  429: wait(RATE_WAIT_MS),
  504: UNKNOWN,
};

/** @param code Twilio's code, if the response has one. */
export function twilioVerdict(status: number, code: number | undefined): Verdict {
  if (code !== undefined && Object.hasOwn(TWILIO_CODES, code)) return TWILIO_CODES[code] ?? STOP;
  const known = TWILIO_STATUSES[status];
  if (known) return known;
  // A message that failed at once with a code that is not in the table.
  if (status < 300) return refuse('message_refused');
  return verdictOfStatus(status);
}
