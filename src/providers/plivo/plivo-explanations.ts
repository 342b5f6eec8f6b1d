import type { Explanations } from '../explanation.js';

const SEND_PAGE = 'https://www.plivo.com/docs/messaging/api/response';
const REPORT_PAGE = 'https://www.plivo.com/docs/messaging/troubleshooting/error-codes';

const CORRECT_NUMBER = "Correct the user's number in CometChat or in the gateway's contact of this user.";
const NEXT_PROVIDER = 'The next provider of the route sends the SMS, if there is one.';
const NO_CREDIT_FIX = "Add credit in Plivo's console, or switch on automatic recharging there.";

/** Meanings of refused requests; the keys are those of `PLIVO_WORDS` and `PLIVO_STATUSES`. */
export const PLIVO_EXPLANATIONS: Explanations = {
  invalid_number: {
    cause:
      'The number is not a valid telephone number: usually digits are missing or the country code is wrong.',
    fix: `${CORRECT_NUMBER} For numbers written without a country code, check \`sms.defaultCountry\`.`,
    link: SEND_PAGE,
  },
  insufficient_credit: {
    cause: 'The account has no credit, or not enough for this SMS.',
    fix: NO_CREDIT_FIX,
    link: SEND_PAGE,
  },
  '400': {
    cause: 'A parameter was missing or invalid, usually the sender.',
    fix: 'Check that `from` is a number of the account or a permitted name.',
    link: SEND_PAGE,
  },
  '401': {
    cause:
      'The credentials are wrong: usually the auth token was regenerated, or it belongs to another account.',
    fix: "Compare `authId` and `authToken` with Plivo's console.",
    link: SEND_PAGE,
  },
  '402': {
    cause: 'The account has to pay before it can send: usually it has no credit.',
    fix: NO_CREDIT_FIX,
    link: SEND_PAGE,
  },
  '404': {
    cause: 'The account was not found: usually `authId` is mistyped.',
    fix: "Compare `authId` with Plivo's console, and check `endpoint` if it is set.",
    link: SEND_PAGE,
  },
  '405': {
    cause: "The address does not accept this request: usually `endpoint` is not Plivo's API.",
    fix: 'Correct or remove `endpoint`.',
    link: SEND_PAGE,
  },
  '500': {
    cause: "Plivo's API had an internal fault.",
    fix: 'Nothing to do: the gateway uses the next provider of the route, or retries later.',
    link: SEND_PAGE,
  },
};

/**
 * Meanings of failures in delivery reports; the keys are those of `PLIVO_REPORT_CODES`, and the statuses of
 * reports without a code.
 */
export const PLIVO_REPORT_EXPLANATIONS: Explanations = {
  '10': {
    cause: 'The carrier rejected the SMS as invalid, usually because of its content or encoding.',
    fix: 'Check the content for unusual characters. If it recurs, contact Plivo support.',
    link: REPORT_PAGE,
  },
  '20': {
    cause: "The recipient's carrier had a network fault.",
    fix: `${NEXT_PROVIDER} Otherwise, send again later.`,
    link: REPORT_PAGE,
  },
  '30': {
    cause:
      "The carrier's spam filter blocked the SMS for its content, or because the sender had sent too many.",
    fix: "Check the content, such as shortened links, and the registration of the sender in Plivo's console.",
    link: REPORT_PAGE,
  },
  '40': {
    cause: 'The sender is wrongly written, does not belong to the account, or cannot send SMS.',
    fix: 'Set `from` to a number of the account with SMS, in E.164.',
    link: REPORT_PAGE,
  },
  '50': {
    cause: 'The number is invalid, or cannot receive SMS, such as a landline.',
    fix: CORRECT_NUMBER,
    link: REPORT_PAGE,
  },
  '60': {
    cause: 'Carriers passed the SMS on in a loop instead of delivering it.',
    fix: `${NEXT_PROVIDER} If it recurs for this number, contact Plivo support.`,
    link: REPORT_PAGE,
  },
  '70': {
    cause: 'The number is permanently unreachable; it is usually no longer in service.',
    fix: CORRECT_NUMBER,
    link: REPORT_PAGE,
  },
  '80': {
    cause: "The recipient's phone was temporarily unreachable, usually off or out of coverage.",
    fix: 'The recipient has to switch the phone on. Then send again.',
    link: REPORT_PAGE,
  },
  '90': {
    cause: "Plivo has no route to the recipient's network.",
    fix: `${NEXT_PROVIDER} If it recurs, contact Plivo support.`,
    link: REPORT_PAGE,
  },
  '100': {
    cause: "The recipient's network does not support SMS to this number.",
    fix: 'Ask the user for a mobile number of another carrier.',
    link: REPORT_PAGE,
  },
  '110': {
    cause: "The SMS is longer than Plivo's limit of 1,600 characters, or 737 in UCS-2.",
    fix: 'Shorten the SMS, lower `sms.text.maxSegments`, or set `sms.text.transliterate` to avoid UCS-2.',
    link: REPORT_PAGE,
  },
  '200': {
    cause: 'The recipient replied STOP to this sender.',
    fix: 'Nothing to do: the gateway has opted the number out too. The recipient can opt in again with START.',
    link: REPORT_PAGE,
  },
  '201': {
    cause: 'The sender is a US toll-free number, which cannot send to Canada.',
    fix: 'Add a provider with a Canadian sender, and route Canada to it in `sms.routes`.',
    link: REPORT_PAGE,
  },
  '420': {
    cause:
      "The SMS expired in Plivo's queue, usually because the sender's rate is too low for the number of SMS.",
    fix: `${NEXT_PROVIDER} If it recurs, use a sender with a higher rate, and set \`throughputPerSecond\`.`,
    link: REPORT_PAGE,
  },
  '450': {
    cause: "The country is not enabled in the account's geo permissions.",
    fix: "Enable the country in Plivo's console under Messaging, Geo Permissions.",
    link: REPORT_PAGE,
  },
  '900': {
    cause: 'The account had no credit when the SMS left the queue.',
    fix: NO_CREDIT_FIX,
    link: REPORT_PAGE,
  },
  '1000': {
    cause: 'The carrier did not deliver the SMS and gave no known reason.',
    fix: `${NEXT_PROVIDER} If it recurs, contact Plivo support with the ids of several messages.`,
    link: REPORT_PAGE,
  },
  // Statuses of reports without a code
  failed: {
    cause: 'The SMS failed before it reached a carrier, and the delivery report gives no reason.',
    fix: `${NEXT_PROVIDER} Look up the message in Plivo's console.`,
    link: REPORT_PAGE,
  },
  undelivered: {
    cause: 'The carrier did not deliver the SMS, and the delivery report gives no reason.',
    fix: `${NEXT_PROVIDER} If it recurs, contact Plivo support with the id of the message.`,
    link: REPORT_PAGE,
  },
  rejected: {
    cause: 'Plivo or the carrier rejected the SMS, and the delivery report gives no reason.',
    fix: `${NEXT_PROVIDER} Look up the message in Plivo's console.`,
    link: REPORT_PAGE,
  },
};
