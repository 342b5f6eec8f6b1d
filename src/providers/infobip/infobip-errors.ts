import type { Reason } from '../../domain/reason.js';
import { isObject } from '../vendor-request.js';
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

/** Wait after too many requests; Infobip states none, and its limits are per second. */
const RATE_WAIT_MS = 1_000;
/** Infobip's limit per number: 20 SMS an hour, and 6 with the same text. */
const FLOOD_WAIT_MS = 900_000;

/**
 * Statuses by id of messages that Infobip does not send, from a response (with HTTP 200) or a delivery report.
 * https://www.infobip.com/docs/essentials/response-status-and-error-codes
 */
export const INFOBIP_STATUSES: Readonly<Record<number, Verdict>> = {
  // Number
  8: retire('number_unreachable'), // REJECTED_PREFIX_MISSING: no network uses this prefix
  52: retire('number_unreachable'), // REJECTED_DESTINATION: invalid number
  51: refuse('message_refused'), // MISSING_TO
  6: refuse('country_not_allowed'), // REJECTED_NETWORK: the network is not enabled for the account
  10: refuse('opted_out'), // REJECTED_DND: on a do-not-disturb register
  14: refuse('opted_out'), // REJECTED_DESTINATION_BLOCKLISTED: by the account or its operator, for example after STOP
  18: refuse('message_refused'), // REJECTED_DESTINATION_NOT_REGISTERED: trial accounts send to one number only
  // Message
  4: refuse('undelivered'), // UNDELIVERABLE_REJECTED_OPERATOR
  9: refuse('undelivered'), // UNDELIVERABLE_NOT_DELIVERED
  31: refuse('undelivered'), // UNDELIVERABLE_NOT_SENT
  15: refuse('undelivered'), // EXPIRED_EXPIRED
  24: refuse('message_refused'), // REJECTED_INVALID_UDH
  25: refuse('message_too_large'), // REJECTED_MESSAGE_TOO_LONG: over 25 parts or 4,000 bytes
  87: refuse('message_refused'), // SIGNALS_BLOCKED: suspected fraud
  // Capacity
  20: waitForAddress(FLOOD_WAIT_MS), // REJECTED_FLOODING_FILTER
  // Account and settings
  12: NO_CREDIT, // REJECTED_NOT_ENOUGH_CREDITS
  17: NO_CREDIT, // REJECTED_PREPAID_PACKAGE_EXPIRED
  11: STOP, // REJECTED_SOURCE: the sender is not registered on the account
  13: STOP, // REJECTED_SENDER: the sender is on the account's blocklist
  19: STOP, // REJECTED_ROUTE_NOT_AVAILABLE: the account has no route
  // Infobip
  21: retry(), // REJECTED_SYSTEM_ERROR
  100: RETRY_FOR_ADDRESS, // UNDELIVERABLE_REJECTED_PLATFORM: malformed, or the service is unavailable
};

/** Infobip already has a message with our id: it is the same one. */
export const DUPLICATE_MESSAGE_ID = 23;

/**
 * The network's errors for undelivered SMS: `error.id` of a delivery report. All others mean `undelivered`.
 * https://www.infobip.com/docs/essentials/response-status-and-error-codes#general-error-codes
 */
export const INFOBIP_ERRORS: Readonly<Record<number, Reason>> = {
  // Number
  1: 'number_unreachable', // EC_UNKNOWN_SUBSCRIBER
  5: 'number_unreachable', // EC_UNIDENTIFIED_SUBSCRIBER
  6: 'number_unreachable', // EC_ABSENT_SUBSCRIBER_SM: off or out of coverage
  9: 'number_unreachable', // EC_ILLEGAL_SUBSCRIBER
  11: 'number_unreachable', // EC_TELESERVICE_NOT_PROVISIONED: cannot receive SMS
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
  // Recipient
  573: 'opted_out', // EC_SC_BLOCKED_BY_END_USER
  603: 'opted_out', // EC_CONTENT_BLOCKED: the recipient sent STOP
  2050: 'opted_out', // EC_DEST_ADDRESS_BLACKLISTED: on a do-not-disturb register
  2052: 'opted_out', // EC_BLACKLISTED_DESTINATIONADDRESS
  // Message
  355: 'message_too_large', // EC_MSG_TEXT_TOO_LONG
  561: 'message_refused', // EC_CONTENT_BLOCKED_BY_OPERATOR
  604: 'message_refused', // EC_BLOCKED_BY_CAMPAIGN_BLACKLIST
  607: 'message_refused', // EC_REJECTED_SPAM_BY_OPERATOR
  608: 'message_refused', // EC_SIGNALS_BLOCKED: suspected fraud
  4106: 'message_refused', // EC_BLOCKED_BY_DLT: by India's SMS register
  5492: 'message_refused', // EC_DUPLICATE_MESSAGE
  // Capacity
  541: 'provider_over_quota', // EC_LIMIT_REACHED: the carrier's limit
  542: 'provider_over_quota', // EC_QUOTA_REACHED: the carrier's daily quota
  609: 'provider_over_quota', // EC_SIGNALS_HARD_LIMIT_REACHED
  4103: 'provider_over_quota', // EC_DESTINATION_FLOODING
  4104: 'provider_over_quota', // EC_DESTINATION_TXT_FLOODING
  4202: 'provider_over_quota', // EC_10DLC_LIMIT_REACHED
  // Account and settings
  4099: 'no_credit', // EC_MONTHLY_LIMIT_REACHED: the account's credit limit
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

/** Errors of the whole request. Their code repeats the HTTP status (`E400`) or names it. */
const HTTP_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  408: UNKNOWN,
  413: refuse('message_too_large'),
  429: wait(RATE_WAIT_MS),
  504: UNKNOWN,
};

/** @param statusId status of the message, if the response has a refusing one. */
export function infobipVerdict(httpStatus: number, statusId: number | undefined): Verdict {
  if (statusId !== undefined) return INFOBIP_STATUSES[statusId] ?? refuse('message_refused');
  return HTTP_STATUSES[httpStatus] ?? verdictOfStatus(httpStatus);
}

/**
 * The code of a request error: `E401`, or a name from older parts of the platform (`UNAUTHORIZED`); never the message,
 * which may contain the number.
 */
export function infobipCode(answer: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const request = answer?.['requestError'];
  const exception = isObject(request) ? request['serviceException'] : undefined;
  const code = answer?.['errorCode'] ?? (isObject(exception) ? exception['messageId'] : undefined);
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined;
}
