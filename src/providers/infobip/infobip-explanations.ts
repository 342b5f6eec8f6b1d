import type { Explanations } from '../explanation.js';

/** The list of statuses. */
const STATUSES_PAGE = 'https://www.infobip.com/docs/essentials/response-status-and-error-codes';
/** The list of the network's errors. */
const ERRORS_PAGE =
  'https://www.infobip.com/docs/essentials/response-status-and-error-codes#general-error-codes';

const CORRECT_NUMBER = "Correct the user's number in CometChat or in the gateway's contact of this user.";
const TRY_LATER =
  'Nothing to do for this SMS. Ask the recipient to switch the phone on in an area with coverage.';
const ASK_CARRIER = 'Ask the recipient to have SMS enabled by their carrier, or to give another number.';
const OPT_IN =
  'If the user wants SMS again, have the number removed from the list, and lift the opt-out with `POST /v1/opt-outs/lift`.';
const REGISTER_SENDER = "Register the sender in Infobip's web interface, or set `from` to a registered one.";
const ANOTHER_SENDER =
  'Set `from` to another sender of the account, and ask Infobip support why this one is blocked.';
const SHORT_CODE =
  "Ask Infobip support about the short code's state with this carrier, or set `from` to another sender.";
const RETRIED = 'Nothing to do: the gateway uses the next provider of the route or retries later.';
const MORE_CAPACITY =
  'If it recurs, ask Infobip for a higher limit and set `throughputPerSecond` to the rate that it allows.';
const CHECK_KEY =
  "Check `apiKey` in Infobip's web interface: it must be enabled and have the scope `sms:message:send`.";
const TOP_UP =
  "Top up the account in Infobip's web interface. The gateway uses the other providers of the route meanwhile.";
const REVIEW_CONTENT =
  'Review the content, above all links and advertising, and ask Infobip support for the exact rule.';

/** Meanings of Infobip's statuses, in responses and delivery reports, and of the errors of a whole request. */
export const INFOBIP_EXPLANATIONS: Explanations = {
  // Number
  REJECTED_PREFIX_MISSING: {
    cause: 'The number is usually mistyped: no network uses its prefix.',
    fix: CORRECT_NUMBER,
    link: STATUSES_PAGE,
  },
  REJECTED_DESTINATION: {
    cause: 'The number is invalid, usually too short, too long or without its country code.',
    fix: CORRECT_NUMBER,
    link: STATUSES_PAGE,
  },
  MISSING_TO: {
    cause: 'The request reached Infobip without a number.',
    fix: 'Check that the number is not empty and that no proxy changes requests to Infobip.',
    link: STATUSES_PAGE,
  },
  REJECTED_NETWORK: {
    cause: 'The account may not send to the network of this number.',
    fix: 'Ask Infobip to enable the country or network for the account, or route it to another provider with `sms.routes`.',
    link: STATUSES_PAGE,
  },
  REJECTED_DND: {
    cause: 'The number is on a do-not-disturb register, as kept in India and some other countries.',
    fix: 'The recipient has to remove the number from the register; then lift the opt-out with `POST /v1/opt-outs/lift`.',
    link: STATUSES_PAGE,
  },
  REJECTED_DESTINATION_BLOCKLISTED: {
    cause: 'The number is on a blocklist of the account or its carrier, usually because the user sent STOP.',
    fix: OPT_IN,
    link: STATUSES_PAGE,
  },
  REJECTED_DESTINATION_NOT_REGISTERED: {
    cause: 'The account is a trial account, which sends to its verified number only.',
    fix: "Upgrade the account, or test with the number that is verified in Infobip's web interface.",
    link: STATUSES_PAGE,
  },
  // Message
  UNDELIVERABLE_REJECTED_OPERATOR: {
    cause: "The recipient's carrier refused the SMS, usually because of its sender or content.",
    fix: 'Check that the sender is registered for the country, and ask Infobip support with the message id.',
    link: STATUSES_PAGE,
  },
  UNDELIVERABLE_NOT_DELIVERED: {
    cause:
      'The carrier accepted the SMS but could not deliver it; usually the phone is off or the number is not in use.',
    fix: 'Check the number, and ask the recipient whether other SMS arrive.',
    link: STATUSES_PAGE,
  },
  UNDELIVERABLE_NOT_SENT: {
    cause: 'Infobip could not pass the SMS on to a carrier.',
    fix: 'Ask Infobip support with the message id if it recurs.',
    link: STATUSES_PAGE,
  },
  EXPIRED_EXPIRED: {
    cause: 'The phone was off or out of coverage until the lifetime of the SMS ended.',
    fix: 'Nothing to do for this SMS. If the lifetime is short, increase `delivery.lifetimeMinutes`.',
    link: STATUSES_PAGE,
  },
  REJECTED_INVALID_UDH: {
    cause: 'Infobip considers the header of a long SMS invalid. The gateway sends none.',
    fix: 'Check that no proxy changes requests to Infobip, then ask Infobip support.',
    link: STATUSES_PAGE,
  },
  REJECTED_MESSAGE_TOO_LONG: {
    cause: 'The SMS has more parts or bytes than Infobip accepts.',
    fix: 'Shorten the SMS, or lower `sms.text.maxSegments`.',
    link: STATUSES_PAGE,
  },
  SIGNALS_BLOCKED: {
    cause:
      "Infobip's fraud protection (Signals) blocked the SMS: the traffic to this number range looks like SMS pumping.",
    fix: "Look for bursts of sign-ups or messages to this number range. If the traffic is genuine, allow it in Infobip's Signals.",
    link: STATUSES_PAGE,
  },
  REJECTED_DUPLICATE_MESSAGE_ID: {
    cause: 'Infobip already has an SMS with this message id, which is the same SMS.',
    fix: 'Nothing to do: the first SMS counts.',
    link: STATUSES_PAGE,
  },
  // Capacity
  REJECTED_FLOODING_FILTER: {
    cause:
      "The number has received too many SMS within an hour, or too many with the same content: Infobip's flood filter.",
    fix: 'Nothing to do: SMS to this number wait a quarter of an hour or use the next provider. Limit them with `sms.guard`, or ask Infobip for a higher limit.',
    link: STATUSES_PAGE,
  },
  // Account and settings
  REJECTED_NOT_ENOUGH_CREDITS: {
    cause: 'The account has no credit left.',
    fix: TOP_UP,
    link: STATUSES_PAGE,
  },
  REJECTED_PREPAID_PACKAGE_EXPIRED: {
    cause: "The account's prepaid package has expired.",
    fix: "Renew the package or top up in Infobip's web interface.",
    link: STATUSES_PAGE,
  },
  REJECTED_SOURCE: {
    cause: 'The sender is not registered on the account.',
    fix: REGISTER_SENDER,
    link: STATUSES_PAGE,
  },
  REJECTED_SENDER: {
    cause: "The sender is on the account's blocklist.",
    fix: ANOTHER_SENDER,
    link: STATUSES_PAGE,
  },
  REJECTED_ROUTE_NOT_AVAILABLE: {
    cause:
      'The account has no route to this country or network; new accounts are usually not enabled for it yet.',
    fix: 'Ask Infobip to enable the destination, or route it to another provider with `sms.routes`.',
    link: STATUSES_PAGE,
  },
  // Infobip
  REJECTED_SYSTEM_ERROR: {
    cause: 'Infobip had an internal fault.',
    fix: RETRIED,
    link: STATUSES_PAGE,
  },
  UNDELIVERABLE_REJECTED_PLATFORM: {
    cause:
      'Infobip could not process the SMS: a required value is malformed, or the service is temporarily unavailable.',
    fix: 'Nothing to do if it passes: the gateway retries. If all SMS are affected, check `from` and ask Infobip support.',
    link: STATUSES_PAGE,
  },
  // The whole request
  E400: {
    cause: 'Infobip considers the request malformed, usually because of the number or `from`.',
    fix: 'Check the number and `from`, and that no proxy changes requests to Infobip.',
    link: STATUSES_PAGE,
  },
  BAD_REQUEST: {
    cause: 'Infobip considers the request malformed, usually because of the number or `from`.',
    fix: 'Check the number and `from`, and that no proxy changes requests to Infobip.',
    link: STATUSES_PAGE,
  },
  E401: {
    cause:
      'Infobip refuses the API key: it is wrong, disabled or expired, or belongs to an account with another base URL.',
    fix: `${CHECK_KEY} \`endpoint\` must be the base URL of the same account.`,
    link: STATUSES_PAGE,
  },
  UNAUTHORIZED: {
    cause:
      'Infobip refuses the API key: it is wrong, disabled or expired, or belongs to an account with another base URL.',
    fix: `${CHECK_KEY} \`endpoint\` must be the base URL of the same account.`,
    link: STATUSES_PAGE,
  },
  E403: {
    cause: 'The API key may not send SMS, or not from the IP address of the gateway.',
    fix: CHECK_KEY,
    link: STATUSES_PAGE,
  },
  E404: {
    cause: 'The address does not exist: `endpoint` is usually wrong.',
    fix: "Set `endpoint` to the account's base URL, without a path.",
    link: STATUSES_PAGE,
  },
  E408: {
    cause: 'Infobip stopped waiting for the request; it may have taken the SMS.',
    fix: 'Wait for the delivery report. If it recurs, check the network between the gateway and Infobip.',
    link: STATUSES_PAGE,
  },
  E413: {
    cause: 'The request is larger than Infobip accepts.',
    fix: 'Shorten the SMS, or lower `sms.text.maxSegments`.',
    link: STATUSES_PAGE,
  },
  E429: {
    cause: 'The account sends more requests per second than Infobip allows.',
    fix: "Nothing to do for this SMS: the gateway waits and retries, or uses the next provider. If it recurs, set `throughputPerSecond` to the account's rate.",
    link: STATUSES_PAGE,
  },
  E500: {
    cause: 'Infobip had an internal fault.',
    fix: RETRIED,
    link: STATUSES_PAGE,
  },
  E504: {
    cause: 'A server of Infobip did not answer in time; Infobip may have taken the SMS.',
    fix: 'Wait for the delivery report. If it recurs, ask Infobip support.',
    link: STATUSES_PAGE,
  },
};

/** Meanings of the network's errors in delivery reports; a report without one has a status as its code. */
export const INFOBIP_REPORT_EXPLANATIONS: Explanations = {
  // Number
  EC_UNKNOWN_SUBSCRIBER: {
    cause: 'The network does not know the number; it is usually mistyped or no longer in use.',
    fix: CORRECT_NUMBER,
    link: ERRORS_PAGE,
  },
  EC_UNIDENTIFIED_SUBSCRIBER: {
    cause: 'The network cannot find the subscriber of this number; the number is usually no longer in use.',
    fix: CORRECT_NUMBER,
    link: ERRORS_PAGE,
  },
  EC_ABSENT_SUBSCRIBER_SM: {
    cause: 'The phone is off or out of coverage.',
    fix: TRY_LATER,
    link: ERRORS_PAGE,
  },
  EC_ILLEGAL_SUBSCRIBER: {
    cause: 'The network refuses this subscriber: the SIM card is blocked, cancelled or not activated.',
    fix: ASK_CARRIER,
    link: ERRORS_PAGE,
  },
  EC_TELESERVICE_NOT_PROVISIONED: {
    cause: "The number cannot receive SMS: the recipient's contract does not include them.",
    fix: ASK_CARRIER,
    link: ERRORS_PAGE,
  },
  EC_ILLEGAL_EQUIPMENT: {
    cause: 'The network refuses the phone, usually because it is reported as stolen or not approved.',
    fix: 'The recipient has to use another phone or ask their carrier.',
    link: ERRORS_PAGE,
  },
  EC_CALL_BARRED: {
    cause: 'The carrier or the recipient has barred SMS to this number, for example over an unpaid bill.',
    fix: ASK_CARRIER,
    link: ERRORS_PAGE,
  },
  EC_ABSENT_SUBSCRIBER: {
    cause: 'The phone is off, out of coverage or roaming without service.',
    fix: TRY_LATER,
    link: ERRORS_PAGE,
  },
  EC_INVALID_DESTINATION_ADDRESS: {
    cause: 'The carrier considers the number invalid.',
    fix: CORRECT_NUMBER,
    link: ERRORS_PAGE,
  },
  EC_INVALID_REQUEST_DESTINATION: {
    cause:
      'The carrier cannot be asked to deliver to this number; it is usually invalid or not a mobile number.',
    fix: CORRECT_NUMBER,
    link: ERRORS_PAGE,
  },
  EC_CANNOT_RECEIVE_SC: {
    cause: "The recipient's contract does not allow SMS from short codes.",
    fix: 'The recipient has to ask their carrier to allow short codes; or set `from` to a phone number.',
    link: ERRORS_PAGE,
  },
  EC_DESTINATION_NOT_SMS_PROVISIONED: {
    cause: 'The number is not enabled for SMS, such as a landline or a data-only SIM card.',
    fix: ASK_CARRIER,
    link: ERRORS_PAGE,
  },
  EC_DEST_ADDRESS_SUSPENDED: {
    cause: 'The carrier has suspended the number, for example over an unpaid bill.',
    fix: ASK_CARRIER,
    link: ERRORS_PAGE,
  },
  EC_DEST_ADDRESS_UNABLE_TO_RECEIVE_SMS: {
    cause: 'The number cannot receive SMS.',
    fix: ASK_CARRIER,
    link: ERRORS_PAGE,
  },
  EC_DEACTIVATED_LIST: {
    cause: 'The carriers list the number as deactivated.',
    fix: 'Ask the user for the current number, and store it with `PUT /v1/users/{uid}/contact`.',
    link: ERRORS_PAGE,
  },
  // Recipient
  EC_SC_BLOCKED_BY_END_USER: {
    cause: 'The recipient has blocked the short code with their carrier.',
    fix: 'The recipient has to unblock the short code; then lift the opt-out with `POST /v1/opt-outs/lift`.',
    link: ERRORS_PAGE,
  },
  EC_CONTENT_BLOCKED: {
    cause: 'The SMS is blocked because the recipient sent STOP to this sender.',
    fix: 'The recipient has to send START to the sender. Until then only pushes are possible.',
    link: ERRORS_PAGE,
  },
  EC_DEST_ADDRESS_BLACKLISTED: {
    cause: 'The number is on a do-not-disturb register.',
    fix: 'The recipient has to remove the number from the register; then lift the opt-out with `POST /v1/opt-outs/lift`.',
    link: ERRORS_PAGE,
  },
  EC_BLACKLISTED_DESTINATIONADDRESS: {
    cause: 'The number is on a blocklist of the account or of the carrier.',
    fix: OPT_IN,
    link: ERRORS_PAGE,
  },
  // Message
  EC_MSG_TEXT_TOO_LONG: {
    cause: 'The SMS is longer than the carrier accepts.',
    fix: 'Shorten the SMS, or lower `sms.text.maxSegments`.',
    link: ERRORS_PAGE,
  },
  EC_CONTENT_BLOCKED_BY_OPERATOR: {
    cause: 'The carrier blocked the SMS for its content.',
    fix: REVIEW_CONTENT,
    link: ERRORS_PAGE,
  },
  EC_BLOCKED_BY_CAMPAIGN_BLACKLIST: {
    cause: 'The SMS is on a blocklist of the campaign of this sender.',
    fix: "Check the campaign's blocklist and its registered use with Infobip support.",
    link: ERRORS_PAGE,
  },
  EC_REJECTED_SPAM_BY_OPERATOR: {
    cause: 'The carrier considers the SMS spam.',
    fix: REVIEW_CONTENT,
    link: ERRORS_PAGE,
  },
  EC_SIGNALS_BLOCKED: {
    cause:
      "Infobip's fraud protection (Signals) blocked the SMS: the traffic to this number range looks like SMS pumping.",
    fix: "Look for bursts of sign-ups or messages to this number range. If the traffic is genuine, allow it in Infobip's Signals.",
    link: ERRORS_PAGE,
  },
  EC_BLOCKED_BY_DLT: {
    cause:
      "India's SMS register (DLT) blocked the SMS: usually its template, sender or entity is not registered.",
    fix: 'Register sender and templates in the DLT portal and with Infobip, and make `sms.text.templates` match them exactly.',
    link: ERRORS_PAGE,
  },
  EC_DUPLICATE_MESSAGE: {
    cause: 'The carrier took the SMS for a repetition of one that the number has just received.',
    fix: 'Nothing to do if the first SMS arrived. Otherwise make the content of successive SMS differ.',
    link: ERRORS_PAGE,
  },
  // Capacity
  EC_LIMIT_REACHED: {
    cause: "The sender has reached the carrier's limit.",
    fix: MORE_CAPACITY,
    link: ERRORS_PAGE,
  },
  EC_QUOTA_REACHED: {
    cause: "The sender has reached the carrier's daily quota.",
    fix: 'Wait for the next day, and spread SMS over more senders or providers with `sms.routes`, or ask Infobip for a higher quota.',
    link: ERRORS_PAGE,
  },
  EC_SIGNALS_HARD_LIMIT_REACHED: {
    cause: "The hard limit in Infobip's fraud protection (Signals) is reached.",
    fix: "Look for bursts of SMS to one number range. If the traffic is genuine, raise the limit in Infobip's Signals.",
    link: ERRORS_PAGE,
  },
  EC_DESTINATION_FLOODING: {
    cause: 'The number has received too many SMS within a short time.',
    fix: 'Limit SMS to one user with `sms.guard`, or ask Infobip for a higher limit per number.',
    link: ERRORS_PAGE,
  },
  EC_DESTINATION_TXT_FLOODING: {
    cause: 'The number has received too many SMS with the same content within a short time.',
    fix: 'Send the same content less often, or ask Infobip for a higher limit per number.',
    link: ERRORS_PAGE,
  },
  EC_10DLC_LIMIT_REACHED: {
    cause: "The sender's 10DLC campaign has reached the carrier's limit.",
    fix: 'Request a higher trust score or daily limit for the brand, or spread SMS over more campaigns or providers.',
    link: ERRORS_PAGE,
  },
  // Account and settings
  EC_MONTHLY_LIMIT_REACHED: {
    cause: 'The account has reached its monthly credit limit.',
    fix: 'Ask Infobip to raise the limit. The gateway uses the other providers of the route meanwhile.',
    link: ERRORS_PAGE,
  },
  EC_INVALID_SOURCE_ADDRESS: {
    cause: 'The carrier considers the sender invalid; many countries forbid names or unregistered numbers.',
    fix: REGISTER_SENDER,
    link: ERRORS_PAGE,
  },
  EC_SOURCE_ADDRESS_IS_BLOCKED: {
    cause: 'The carrier has blocked the sender.',
    fix: ANOTHER_SENDER,
    link: ERRORS_PAGE,
  },
  EC_ACCOUNT_ACCESS_DENIED: {
    cause: 'The account is not allowed to send this SMS.',
    fix: 'Ask Infobip support whether the account is restricted and enabled for the country.',
    link: ERRORS_PAGE,
  },
  EC_TF_NUMBER_NOT_VERIFIED: {
    cause: 'The toll-free number in `from` is not verified.',
    fix: 'Submit the toll-free verification to Infobip, and use another sender until it is approved.',
    link: ERRORS_PAGE,
  },
  EC_SC_NOT_PROVISIONED: {
    cause: "The short code in `from` is not set up with the recipient's carrier.",
    fix: SHORT_CODE,
    link: ERRORS_PAGE,
  },
  EC_SC_EXPIRED: {
    cause: "The registration of the short code in `from` has expired with the recipient's carrier.",
    fix: SHORT_CODE,
    link: ERRORS_PAGE,
  },
  EC_SC_BLOCKED: {
    cause: "The recipient's carrier has blocked the short code in `from`.",
    fix: SHORT_CODE,
    link: ERRORS_PAGE,
  },
  EC_CAMPAIGNID_NOT_PROVISIONED: {
    cause: "The sender's 10DLC campaign is not registered, or not yet approved by the carrier.",
    fix: 'Complete the registration of brand and campaign with Infobip, and assign the sender to the campaign.',
    link: ERRORS_PAGE,
  },
  EC_ACCOUNT_NOT_PROVISIONED_FOR_CHANNEL: {
    cause: 'The account is not enabled for SMS with this carrier.',
    fix: 'Ask Infobip to enable it, or route the country to another provider with `sms.routes`.',
    link: ERRORS_PAGE,
  },
  EC_BLACKLISTED_SENDERADDRESS: {
    cause: 'The sender is on a blocklist of the account or of the carrier.',
    fix: ANOTHER_SENDER,
    link: ERRORS_PAGE,
  },
};
