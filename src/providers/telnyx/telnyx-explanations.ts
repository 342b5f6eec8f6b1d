import type { Explanations } from '../explanation.js';

/** The list of messaging errors. */
const MESSAGING_PAGE = 'https://developers.telnyx.com/docs/messaging/messages/error-codes';
/** The list of errors common to all of Telnyx's APIs. */
const API_PAGE = 'https://developers.telnyx.com/development/api-fundamentals/api-errors';

const CORRECT_NUMBER =
  "Correct the user's number in CometChat or in the gateway's contact of this user. If the outcome is `misconfigured`, correct `from`.";
const REVIEW_CONTENT =
  'Review the content, above all links and advertising, and compare it with the registered campaign.';
const CHECK_KEY = "Create or check the API key in Telnyx's portal, and set `apiKey`.";
const CHECK_PROFILE = "Check `messagingProfileId` against the messaging profiles in Telnyx's portal.";
const VERIFY_ACCOUNT = "Complete the account verification in Telnyx's portal.";
const REGISTER_CAMPAIGN =
  "Register brand and campaign in Telnyx's portal, assign the sender to the campaign, and wait for its approval.";
const SHORTEN = 'Lower `sms.text.maxSegments`, shorten the SMS templates, or set `sms.text.transliterate`.';
const LOWER_RATE =
  'If it recurs, set `throughputPerSecond` to the rate of the sender, or add senders to the messaging profile.';
const NEXT_PROVIDER =
  'Nothing to do for this SMS: the gateway sends it through the next provider of the route, if there is one.';

/** Meanings of the keys of `TELNYX_CODES`. */
export const TELNYX_EXPLANATIONS: Explanations = {
  // Number
  '10001': {
    cause: 'The number is inactive: it is usually no longer in use.',
    fix: CORRECT_NUMBER,
    link: API_PAGE,
  },
  '10002': {
    cause: 'The number is invalid, usually mistyped.',
    fix: CORRECT_NUMBER,
    link: API_PAGE,
  },
  '10016': {
    cause: 'The number is not in E.164 format (`+`, country code, number).',
    fix: CORRECT_NUMBER,
    link: API_PAGE,
  },
  '40001': {
    cause: 'The number is a landline, or no carrier can be reached under it.',
    fix: 'Ask the user for a mobile number; no provider can send an SMS to this one.',
    link: MESSAGING_PAGE,
  },
  '40012': {
    cause:
      "The recipient's carrier considers the number invalid; it is usually mistyped or no longer in use.",
    fix: CORRECT_NUMBER,
    link: MESSAGING_PAGE,
  },
  '40310': {
    cause: 'Telnyx considers the number of the recipient invalid.',
    fix: CORRECT_NUMBER,
    link: MESSAGING_PAGE,
  },
  '40300': {
    cause: 'The recipient has sent STOP to this sender.',
    fix: 'The recipient has to send START to the sender. Until then only pushes are possible.',
    link: MESSAGING_PAGE,
  },
  '40301': {
    cause: 'The number does not receive this kind of message, for example because it is a landline.',
    fix: 'Ask the user for a mobile number; no provider can send an SMS to this one.',
    link: MESSAGING_PAGE,
  },
  '40309': {
    cause: 'The country of the number is not among the allowed destinations of the messaging profile.',
    fix: "Add the country to the allowed destinations of the profile in Telnyx's portal, or leave it out of `sms.countries`.",
    link: MESSAGING_PAGE,
  },
  '40319': {
    cause: 'This sender cannot send to this number, for example a name or short code to a short code.',
    fix: 'Set `from` to a sender that suits the destination, or use `sms.routes` for another provider.',
    link: MESSAGING_PAGE,
  },
  // Message
  '10015': {
    cause: 'Telnyx considers the request malformed.',
    fix: 'Check `from` and `messagingProfileId`, and that no proxy changes requests to Telnyx.',
    link: API_PAGE,
  },
  '40009': {
    cause: 'The content of the SMS is invalid, usually because of characters that cannot be encoded.',
    fix: 'Look for unusual characters in the content and the SMS templates.',
    link: MESSAGING_PAGE,
  },
  '40302': {
    cause: 'The SMS is longer than Telnyx accepts.',
    fix: SHORTEN,
    link: MESSAGING_PAGE,
  },
  '40304': {
    cause: 'The request has contents that exclude each other, such as settings of SMS and of MMS.',
    fix: 'Check that no proxy changes requests to Telnyx, then ask Telnyx support.',
    link: MESSAGING_PAGE,
  },
  '40316': {
    cause: 'The SMS has no content.',
    fix: 'Check the SMS templates in `sms.text.templates` and the `smsContent` of the webhook.',
    link: MESSAGING_PAGE,
  },
  '40322': {
    cause: 'Telnyx blocked the SMS for its content.',
    fix: REVIEW_CONTENT,
    link: MESSAGING_PAGE,
  },
  '40328': {
    cause: 'The SMS has more parts than the messaging profile allows or Telnyx recommends.',
    fix: SHORTEN,
    link: MESSAGING_PAGE,
  },
  // Capacity
  '10011': {
    cause: 'The account sends more requests per second than Telnyx allows.',
    fix: 'Nothing to do for this SMS: the gateway waits and retries, or uses the next provider. If it recurs, set `throughputPerSecond`.',
    link: API_PAGE,
  },
  '40011': {
    cause: 'The sender is over its rate limit.',
    fix: 'Nothing to do for this SMS: the gateway waits and retries, or uses the next provider. If it recurs, set `throughputPerSecond`.',
    link: MESSAGING_PAGE,
  },
  '40318': {
    cause: "The sender's queue at Telnyx is full: SMS arrive faster than its rate allows.",
    fix: LOWER_RATE,
    link: MESSAGING_PAGE,
  },
  '40320': {
    cause: 'The sender cannot be used yet, because its purchase is not complete.',
    fix: "Nothing to do: the gateway retries. If it lasts, check the number order in Telnyx's portal.",
    link: MESSAGING_PAGE,
  },
  // Account and settings
  '10003': {
    cause: 'Telnyx refuses the callback URL: it is malformed, too long or not public.',
    fix: 'Set `PUBLIC_URL` to the public HTTPS address of the gateway.',
    link: API_PAGE,
  },
  '10004': {
    cause: 'A required value is missing: usually neither sender nor messaging profile is set.',
    fix: 'Set `from` or `messagingProfileId`; a name as sender needs both.',
    link: API_PAGE,
  },
  '10005': {
    cause: 'Telnyx does not know the resource: usually `messagingProfileId` or `endpoint` is wrong.',
    fix: CHECK_PROFILE,
    link: API_PAGE,
  },
  '10006': {
    cause: 'Telnyx does not know the messaging profile, or it belongs to another account.',
    fix: CHECK_PROFILE,
    link: API_PAGE,
  },
  '10009': {
    cause: 'Telnyx refuses the API key: it is wrong or incomplete.',
    fix: CHECK_KEY,
    link: API_PAGE,
  },
  '10010': {
    cause: 'The API key or its account may not send this SMS.',
    fix: 'Check that `apiKey` belongs to the account of the sender and of `messagingProfileId`.',
    link: API_PAGE,
  },
  '20002': {
    cause: 'The API key was revoked.',
    fix: CHECK_KEY,
    link: API_PAGE,
  },
  '20006': {
    cause: 'The API key has expired.',
    fix: CHECK_KEY,
    link: API_PAGE,
  },
  '20012': {
    cause: 'The account is not active.',
    fix: 'Reactivate the account with Telnyx support.',
    link: API_PAGE,
  },
  '20013': {
    cause: 'Telnyx has blocked the account.',
    fix: 'Ask Telnyx support for the cause.',
    link: API_PAGE,
  },
  '20014': {
    cause: 'The account is not verified.',
    fix: VERIFY_ACCOUNT,
    link: API_PAGE,
  },
  '20015': {
    cause: 'The feature is not enabled for the account.',
    fix: 'Ask Telnyx support to enable messaging for the account.',
    link: API_PAGE,
  },
  '20016': {
    cause: 'The verification level of the account does not suffice for this request.',
    fix: VERIFY_ACCOUNT,
    link: API_PAGE,
  },
  '20017': {
    cause: 'The verification level of the account does not suffice for this request.',
    fix: VERIFY_ACCOUNT,
    link: API_PAGE,
  },
  '20100': {
    cause: 'The account has no credit left.',
    fix: "Top up the account in Telnyx's portal, and enable automatic payment. The gateway uses the other providers of the route meanwhile.",
    link: API_PAGE,
  },
  '40010': {
    cause: 'The sender is not registered for 10DLC: US carriers require a campaign for ordinary US numbers.',
    fix: REGISTER_CAMPAIGN,
    link: MESSAGING_PAGE,
  },
  '40013': {
    cause: 'The sender is not an active number of the account.',
    fix: "Check in Telnyx's portal that the number in `from` is active and enabled for messaging.",
    link: MESSAGING_PAGE,
  },
  '40100': {
    cause: 'The sender is not enabled for messaging.',
    fix: "Assign the number to a messaging profile in Telnyx's portal, or set `from` to another number.",
    link: MESSAGING_PAGE,
  },
  '40305': {
    cause:
      'The sender is invalid: it is not a number of the account, or not assigned to the messaging profile.',
    fix: "Set `from` to a number that Telnyx's portal lists under the profile.",
    link: MESSAGING_PAGE,
  },
  '40306': {
    cause: 'Names as senders are not enabled for the messaging profile or the country.',
    fix: "Set a sender name on the profile in Telnyx's portal, or set `from` to a number.",
    link: MESSAGING_PAGE,
  },
  '40311': {
    cause: "The messaging profile's secret is invalid.",
    fix: 'Set `apiKey` to an API key of version 2, and check the profile.',
    link: MESSAGING_PAGE,
  },
  '40312': {
    cause: 'The messaging profile is disabled.',
    fix: "Enable the profile in Telnyx's portal.",
    link: MESSAGING_PAGE,
  },
  '40313': {
    cause: "The messaging profile's secret is missing.",
    fix: 'Set `apiKey` to an API key of version 2, and check the profile.',
    link: MESSAGING_PAGE,
  },
  '40314': {
    cause: 'Messaging is disabled for the account.',
    fix: 'Ask Telnyx support for the cause.',
    link: MESSAGING_PAGE,
  },
  '40315': {
    cause:
      'Telnyx considers the sender unhealthy: too few of its SMS are delivered, or too many are taken for spam.',
    fix: "Set `from` to another number, and check the number's health in Telnyx's portal.",
    link: MESSAGING_PAGE,
  },
  '40321': {
    cause: 'The messaging profile has no usable number for this destination.',
    fix: "Assign a healthy number to the profile in Telnyx's portal, or set `from`.",
    link: MESSAGING_PAGE,
  },
  '40329': {
    cause: 'The toll-free number in `from` is not verified.',
    fix: "Submit the toll-free verification in Telnyx's portal, and use another sender until it is approved.",
    link: MESSAGING_PAGE,
  },
  // Telnyx
  '10007': {
    cause: 'Telnyx had an internal fault.',
    fix: 'Nothing to do: the gateway uses the next provider of the route or retries later.',
    link: API_PAGE,
  },
  '10008': {
    cause: 'Telnyx did not finish the request in time; it may have taken the SMS.',
    fix: 'Wait for the delivery report. If it recurs, ask Telnyx support.',
    link: API_PAGE,
  },
};

/** Meanings of the keys of `TELNYX_REPORT_CODES`; other codes of reports mean the same as in responses. */
export const TELNYX_REPORT_EXPLANATIONS: Explanations = {
  '40002': {
    cause: 'The carrier took the SMS for spam. The block is temporary.',
    fix: REVIEW_CONTENT,
    link: MESSAGING_PAGE,
  },
  '40003': {
    cause: 'The carrier has blocked the sender for spam. The block is permanent.',
    fix: 'Set `from` to another number, and ask Telnyx support for an appeal.',
    link: MESSAGING_PAGE,
  },
  '40004': {
    cause: "The recipient's carrier refused the SMS without a cause.",
    fix: 'Check the number. If many SMS fail, ask Telnyx support with the message id.',
    link: MESSAGING_PAGE,
  },
  '40005': {
    cause: 'The SMS expired before it was delivered; usually the phone was off or out of coverage.',
    fix: 'Nothing to do for this SMS. Ask the recipient to switch the phone on in an area with coverage.',
    link: MESSAGING_PAGE,
  },
  '40006': {
    cause: "The server of the recipient's carrier was unavailable.",
    fix: NEXT_PROVIDER,
    link: MESSAGING_PAGE,
  },
  '40008': {
    cause: "The recipient's carrier did not accept the SMS.",
    fix: 'Check the number. If many SMS fail, ask Telnyx support with the message id.',
    link: MESSAGING_PAGE,
  },
  '40010': {
    cause: 'The sender is not registered for 10DLC: US carriers require a campaign for ordinary US numbers.',
    fix: REGISTER_CAMPAIGN,
    link: MESSAGING_PAGE,
  },
  '40011': {
    cause: "The sender is over the carrier's rate limit.",
    fix: LOWER_RATE,
    link: MESSAGING_PAGE,
  },
  '40013': {
    cause: 'The carrier considers the sender invalid.',
    fix: "Check in Telnyx's portal that the number in `from` is active and enabled for messaging.",
    link: MESSAGING_PAGE,
  },
  '40014': {
    cause: "The SMS expired in Telnyx's queue: more SMS were waiting than the sender's rate allows.",
    fix: LOWER_RATE,
    link: MESSAGING_PAGE,
  },
  '40015': {
    cause: "Telnyx's own spam filter blocked the SMS.",
    fix: REVIEW_CONTENT,
    link: MESSAGING_PAGE,
  },
  '40016': {
    cause: "The brand has reached T-Mobile's daily limit for 10DLC.",
    fix: 'Wait for the next day. For a higher limit, have the brand vetted, or add a provider to the route.',
    link: MESSAGING_PAGE,
  },
  '40017': {
    cause: 'AT&T took the SMS for spam.',
    fix: REVIEW_CONTENT,
    link: MESSAGING_PAGE,
  },
  '40018': {
    cause: "The campaign has reached AT&T's limit per minute for 10DLC.",
    fix: 'Set `throughputPerSecond` to the rate of the campaign. For a higher one, have the brand vetted.',
    link: MESSAGING_PAGE,
  },
  // Statuses of reports without a code
  expired: {
    cause: 'The SMS expired before it was delivered; usually the phone was off or out of coverage.',
    fix: 'Nothing to do for this SMS. Ask the recipient to switch the phone on in an area with coverage.',
    link: MESSAGING_PAGE,
  },
  sending_failed: {
    cause: 'Telnyx could not pass the SMS on to a carrier, and names no cause.',
    fix: "Look the SMS up in Telnyx's portal by its message id.",
    link: MESSAGING_PAGE,
  },
  delivery_failed: {
    cause: 'The carrier could not deliver the SMS, and Telnyx names no cause.',
    fix: "Look the SMS up in Telnyx's portal by its message id.",
    link: MESSAGING_PAGE,
  },
};
