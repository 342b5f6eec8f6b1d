import type { Explanations } from '../explanation.js';

/** The list of API errors. */
const API_PAGE = 'https://developers.messagebird.com/api/#api-errors';
/** The list of codes and reasons in delivery reports. */
const REPORT_PAGE =
  'https://docs.bird.com/api/channels-api/message-status-and-interactions/message-failure-sources/sms-platform-extended-error-codes';

const CORRECT_NUMBER = "Correct the user's number in CometChat or in the gateway's contact of this user.";
const TRY_LATER =
  'Nothing to do for this SMS. Ask the recipient to switch the phone on in an area with coverage.';
const OPT_IN = 'The recipient has to send START to the sender. Until then only pushes are possible.';
const NEXT_PROVIDER =
  'Nothing to do for this SMS: the gateway sends it through the next provider of the route, if there is one.';
const TOP_UP =
  "Top up the account in MessageBird's dashboard. The gateway uses the other providers of the route meanwhile.";
const ASK_SUPPORT = 'Check the number. If many SMS fail, ask MessageBird support with the message id.';

/** Meanings of the keys of `MESSAGEBIRD_CODES`. */
export const MESSAGEBIRD_EXPLANATIONS: Explanations = {
  '2': {
    cause: 'MessageBird refuses the access key: it is wrong or was deleted.',
    fix: "Set `accessKey` to a key from MessageBird's dashboard.",
    link: API_PAGE,
  },
  '9': {
    cause:
      'Usually the account is a trial account, which sends to its own number only; otherwise a required value is missing.',
    fix: 'Upgrade the account if it is a trial account. Otherwise check `from`, and that no proxy changes requests.',
    link: API_PAGE,
  },
  '9 recipient': {
    cause: 'MessageBird found no valid recipient: the number is usually mistyped.',
    fix: CORRECT_NUMBER,
    link: API_PAGE,
  },
  '9 recipients': {
    cause: 'MessageBird found no valid recipient: the number is usually mistyped.',
    fix: CORRECT_NUMBER,
    link: API_PAGE,
  },
  '9 originator': {
    cause: 'The sender is missing.',
    fix: 'Set `from`.',
    link: API_PAGE,
  },
  '10': {
    cause: 'A value in the request is invalid.',
    fix: 'Check `from`, and that no proxy changes requests to MessageBird.',
    link: API_PAGE,
  },
  '10 recipient': {
    cause: 'The number is invalid, usually too short, too long or without its country code.',
    fix: CORRECT_NUMBER,
    link: API_PAGE,
  },
  '10 recipients': {
    cause: 'The number is invalid, usually too short, too long or without its country code.',
    fix: CORRECT_NUMBER,
    link: API_PAGE,
  },
  '10 originator': {
    cause: 'The account may not use this sender: it is not registered, or not allowed in the country.',
    fix: "Set `from` to a number of the account or to a sender name registered in MessageBird's dashboard.",
    link: API_PAGE,
  },
  '10 body': {
    cause:
      'The SMS is longer than MessageBird accepts: 1,377 characters, or 603 with characters that GSM-7 lacks.',
    fix: 'Set `sms.text.maxSegments` to 9 or less, or shorten the SMS templates.',
    link: API_PAGE,
  },
  '10 reportUrl': {
    cause: 'MessageBird refuses the callback URL: it is malformed or not public.',
    fix: 'Set `PUBLIC_URL` to the public HTTPS address of the gateway.',
    link: API_PAGE,
  },
  '20': {
    cause: 'MessageBird does not know the resource: usually `endpoint` is wrong.',
    fix: 'Remove `endpoint`, or correct it, and check that the account may use the SMS API.',
    link: API_PAGE,
  },
  '25': {
    cause: 'The account has no credit left.',
    fix: TOP_UP,
    link: API_PAGE,
  },
};

/** Meanings of the keys of `MESSAGEBIRD_REPORT_CODES` and `MESSAGEBIRD_REPORT_REASONS`. */
export const MESSAGEBIRD_REPORT_EXPLANATIONS: Explanations = {
  // Codes
  '1': {
    cause: 'The network does not know the number; it is usually mistyped or no longer in use.',
    fix: CORRECT_NUMBER,
    link: REPORT_PAGE,
  },
  '5': {
    cause: 'The network cannot find the subscriber of this number; the number is usually no longer in use.',
    fix: CORRECT_NUMBER,
    link: REPORT_PAGE,
  },
  '103': {
    cause: 'The recipient has opted out, usually by sending STOP.',
    fix: OPT_IN,
    link: REPORT_PAGE,
  },
  // Reasons and statuses of reports without a code
  'unknown subscriber': {
    cause: 'The number has no active line; it is usually mistyped or no longer in use.',
    fix: CORRECT_NUMBER,
    link: REPORT_PAGE,
  },
  'incorrect number': {
    cause: 'The number is invalid.',
    fix: CORRECT_NUMBER,
    link: REPORT_PAGE,
  },
  'unavailable subscriber': {
    cause: 'The phone is off or out of coverage.',
    fix: TRY_LATER,
    link: REPORT_PAGE,
  },
  'opted out': {
    cause: 'The recipient has opted out, usually by sending STOP.',
    fix: OPT_IN,
    link: REPORT_PAGE,
  },
  'carrier rejected': {
    cause: 'The carrier refused the SMS, usually because of its content or an unregistered sender.',
    fix: 'Check that the sender is registered for the country, and review the content.',
    link: REPORT_PAGE,
  },
  'insufficient balance': {
    cause: 'The account had no credit left when the SMS was to be sent.',
    fix: TOP_UP,
    link: REPORT_PAGE,
  },
  'received network error': {
    cause: 'The network of the recipient reported a fault.',
    fix: NEXT_PROVIDER,
    link: REPORT_PAGE,
  },
  'capacity limit reached': {
    cause: 'The account, the sender or the carrier is over its capacity.',
    fix: "If it recurs, set `throughputPerSecond` to the account's rate, or ask MessageBird for a higher one.",
    link: REPORT_PAGE,
  },
  'dlr not received': {
    cause: 'The carrier sent no delivery report in time. The SMS may have arrived.',
    fix: 'Ask the recipient. If many SMS to this carrier lack a report, ask MessageBird support.',
    link: REPORT_PAGE,
  },
  'generic delivery failure': {
    cause: 'The carrier could not deliver the SMS, and names no cause.',
    fix: ASK_SUPPORT,
    link: REPORT_PAGE,
  },
  expired: {
    cause: 'The lifetime of the SMS ended before it could be passed on to a carrier.',
    fix: 'Nothing to do for this SMS. If the lifetime is short, increase `delivery.lifetimeMinutes`.',
    link: REPORT_PAGE,
  },
  'delivery failed': {
    cause: 'The SMS could not be delivered, and MessageBird names no cause.',
    fix: ASK_SUPPORT,
    link: REPORT_PAGE,
  },
};
