import type { Reason } from '../../domain/reason.js';
import {
  NO_CREDIT,
  refuse,
  retire,
  retry,
  RETRY_FOR_ADDRESS,
  STOP,
  UNKNOWN,
  verdictOfStatus,
  wait,
  waitForAddress,
  type Verdict,
} from '../verdict.js';

/** Too many requests; Infobip names no time, and counts within seconds. */
const RATE_WAIT_MS = 1_000;
/** One number gets 20 texts an hour, and 6 that are the same. */
const FLOOD_WAIT_MS = 900_000;

/**
 * Infobip's statuses of a message that it does not send, by their id, from the answer (which is 200 all the same) or
 * from a receipt. https://www.infobip.com/docs/essentials/response-status-and-error-codes
 */
export const INFOBIP_STATUSES: Readonly<Record<number, Verdict>> = {
  // The number
  8: retire('number_unreachable'), // REJECTED_PREFIX_MISSING: no network has such numbers
  52: retire('number_unreachable'), // REJECTED_DESTINATION: not a valid number
  51: refuse('message_refused'), // MISSING_TO
  6: refuse('country_not_allowed'), // REJECTED_NETWORK: the network is not set up on the account
  10: refuse('opted_out'), // REJECTED_DND: subscribed to a do-not-disturb register
  14: refuse('opted_out'), // REJECTED_DESTINATION_BLOCKLISTED: by the account or its operator, as STOP does
  18: refuse('message_refused'), // REJECTED_DESTINATION_NOT_REGISTERED: an account on trial texts one number
  // The message
  4: refuse('undelivered'), // UNDELIVERABLE_REJECTED_OPERATOR
  9: refuse('undelivered'), // UNDELIVERABLE_NOT_DELIVERED
  31: refuse('undelivered'), // UNDELIVERABLE_NOT_SENT
  15: refuse('undelivered'), // EXPIRED_EXPIRED
  24: refuse('message_refused'), // REJECTED_INVALID_UDH
  25: refuse('message_too_large'), // REJECTED_MESSAGE_TOO_LONG: over 25 parts or 4,000 bytes
  87: refuse('message_refused'), // SIGNALS_BLOCKED: held to be fraud
  // Our capacity
  20: waitForAddress(FLOOD_WAIT_MS), // REJECTED_FLOODING_FILTER
  // Our account and settings
  12: NO_CREDIT, // REJECTED_NOT_ENOUGH_CREDITS
  17: NO_CREDIT, // REJECTED_PREPAID_PACKAGE_EXPIRED
  11: STOP, // REJECTED_SOURCE: the sender is not registered on the account
  13: STOP, // REJECTED_SENDER: the sender is on the account's blocklist
  19: STOP, // REJECTED_ROUTE_NOT_AVAILABLE: the account has no route at all
  // Infobip itself
  21: retry(), // REJECTED_SYSTEM_ERROR
  100: RETRY_FOR_ADDRESS, // UNDELIVERABLE_REJECTED_PLATFORM: malformed, or the service is away
};

/** The message has been sent before under the id that we gave it: it is the same one. */
export const DUPLICATE_MESSAGE_ID = 23;

/**
 * What the network said of a text that did not arrive: `error.id` of a receipt. Whatever is not here is `undelivered`.
 * https://www.infobip.com/docs/essentials/response-status-and-error-codes#general-error-codes
 */
export const INFOBIP_ERRORS: Readonly<Record<number, Reason>> = {
  // The number
  1: 'number_unreachable', // EC_UNKNOWN_SUBSCRIBER
  5: 'number_unreachable', // EC_UNIDENTIFIED_SUBSCRIBER
  6: 'number_unreachable', // EC_ABSENT_SUBSCRIBER_SM: switched off or out of coverage
  9: 'number_unreachable', // EC_ILLEGAL_SUBSCRIBER
  11: 'number_unreachable', // EC_TELESERVICE_NOT_PROVISIONED: takes no texts
  12: 'number_unreachable', // EC_ILLEGAL_EQUIPMENT
  13: 'number_unreachable', // EC_CALL_BARRED
  27: 'number_unreachable', // EC_ABSENT_SUBSCRIBER
  351: 'number_unreachable', // EC_INVALID_DESTINATION_ADDRESS
  352: 'number_unreachable', // EC_INVALID_REQUEST_DESTINATION
  565: 'number_unreachable', // EC_CANNOT_RECEIVE_SC
  568: 'number_unreachable', // EC_DESTINATION_NOT_SMS_PROVISIONED
  569: 'number_unreachable', // EC_DEST_ADDRESS_SUSPENDED
  629: 'number_unreachable', // EC_DEST_ADDRESS_UNABLE_TO_RECEIVE_SMS
  3041: 'number_unreachable', // EC_DEACTIVATED_LIST
  // The person
  573: 'opted_out', // EC_SC_BLOCKED_BY_END_USER
  603: 'opted_out', // EC_CONTENT_BLOCKED: the person has sent STOP
  2050: 'opted_out', // EC_DEST_ADDRESS_BLACKLISTED: on a do-not-disturb register
  2052: 'opted_out', // EC_BLACKLISTED_DESTINATIONADDRESS
  // The message
  355: 'message_too_large', // EC_MSG_TEXT_TOO_LONG
  561: 'message_refused', // EC_CONTENT_BLOCKED_BY_OPERATOR
  604: 'message_refused', // EC_BLOCKED_BY_CAMPAIGN_BLACKLIST
  607: 'message_refused', // EC_REJECTED_SPAM_BY_OPERATOR
  608: 'message_refused', // EC_SIGNALS_BLOCKED: held to be fraud
  4106: 'message_refused', // EC_BLOCKED_BY_DLT: by India's register of texts
  5492: 'message_refused', // EC_DUPLICATE_MESSAGE
  // Our capacity
  541: 'provider_over_quota', // EC_LIMIT_REACHED: of the carrier
  542: 'provider_over_quota', // EC_QUOTA_REACHED: of the carrier, for the day
  609: 'provider_over_quota', // EC_SIGNALS_HARD_LIMIT_REACHED
  4103: 'provider_over_quota', // EC_DESTINATION_FLOODING
  4104: 'provider_over_quota', // EC_DESTINATION_TXT_FLOODING
  4202: 'provider_over_quota', // EC_10DLC_LIMIT_REACHED
  // Our account and settings
  4099: 'no_credit', // EC_MONTHLY_LIMIT_REACHED: of the account's credit
  368: 'provider_misconfigured', // EC_INVALID_SOURCE_ADDRESS
  375: 'provider_misconfigured', // EC_SOURCE_ADDRESS_IS_BLOCKED
  433: 'provider_misconfigured', // EC_ACCOUNT_ACCESS_DENIED
  488: 'provider_misconfigured', // EC_TF_NUMBER_NOT_VERIFIED
  562: 'provider_misconfigured', // EC_SC_NOT_PROVISIONED
  563: 'provider_misconfigured', // EC_SC_EXPIRED
  564: 'provider_misconfigured', // EC_SC_BLOCKED
  572: 'provider_misconfigured', // EC_CAMPAIGNID_NOT_PROVISIONED
  592: 'provider_misconfigured', // EC_ACCOUNT_NOT_PROVISIONED_FOR_CHANNEL
  2053: 'provider_misconfigured', // EC_BLACKLISTED_SENDERADDRESS
};

/** Errors of the request as a whole. Their code repeats the HTTP status (`E400`), or says it in a word. */
const HTTP_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  408: UNKNOWN,
  413: refuse('message_too_large'),
  429: wait(RATE_WAIT_MS),
  504: UNKNOWN,
};

/** @param statusId of the message, where the answer has one that says no. */
export function infobipVerdict(httpStatus: number, statusId: number | undefined): Verdict {
  if (statusId !== undefined) return INFOBIP_STATUSES[statusId] ?? refuse('message_refused');
  return HTTP_STATUSES[httpStatus] ?? verdictOfStatus(httpStatus);
}
