import type { Explanations } from '../explanation.js';

const SEND_PAGE = 'https://developer.vonage.com/en/api-errors/sms';
const REPORT_PAGE = 'https://developer.vonage.com/en/messaging/sms/guides/delivery-receipts';

const CORRECT_NUMBER = "Correct the user's number in CometChat or in the gateway's contact of this user.";
const NEXT_PROVIDER = 'The next provider of the route sends the SMS, if there is one.';
const RETRIED = 'Nothing to do: the gateway uses the next provider of the route, or retries later.';

/** Meanings of the `status` of a part that was not accepted; the keys are those of `VONAGE_STATUSES`. */
export const VONAGE_EXPLANATIONS: Explanations = {
  '1': {
    cause: "SMS were sent faster than the account's rate per second.",
    fix: `${RETRIED} If it recurs, set \`throughputPerSecond\` to the rate of the account.`,
    link: SEND_PAGE,
  },
  '2': {
    cause: 'A required parameter was missing, usually the sender.',
    fix: 'Set `from`.',
    link: SEND_PAGE,
  },
  '3': {
    cause: 'A parameter of the request was invalid, usually the number or the sender.',
    fix: "Check the user's number. If all SMS get this status, check `from`.",
    link: SEND_PAGE,
  },
  '4': {
    cause: 'The credentials are wrong, or the account is disabled.',
    fix: "Compare `apiKey` and `apiSecret` with Vonage's dashboard.",
    link: SEND_PAGE,
  },
  '5': {
    cause: "Vonage's platform had an internal fault.",
    fix: RETRIED,
    link: SEND_PAGE,
  },
  '6': {
    cause: 'Vonage could not process the SMS, usually because the prefix of the number is unknown.',
    fix: CORRECT_NUMBER,
    link: SEND_PAGE,
  },
  '7': {
    cause: "The number is on Vonage's list of barred numbers.",
    fix: 'Ask Vonage support why the number is barred and whether it can be removed from the list.',
    link: SEND_PAGE,
  },
  '8': {
    cause: 'The account has been barred from sending.',
    fix: 'Contact Vonage support.',
    link: SEND_PAGE,
  },
  '9': {
    cause: 'The account has no credit, or not enough for this SMS.',
    fix: "Add credit in Vonage's dashboard.",
    link: SEND_PAGE,
  },
  '10': {
    cause: 'The account had too many simultaneous connections to Vonage.',
    fix: `${RETRIED} If it recurs, check which other programs use the account.`,
    link: SEND_PAGE,
  },
  '11': {
    cause: 'The account is not enabled for the SMS API.',
    fix: 'Ask Vonage support to enable the SMS API for the account.',
    link: SEND_PAGE,
  },
  '12': {
    cause: 'The SMS is longer than Vonage accepts.',
    fix: 'Shorten the SMS, or lower `sms.text.maxSegments`.',
    link: SEND_PAGE,
  },
  '14': {
    cause: 'The signature is wrong or missing: usually the account requires signed requests.',
    fix: 'Let Vonage support enable requests with the API secret, since the gateway does not sign requests.',
    link: SEND_PAGE,
  },
  '15': {
    cause:
      "The sender is not allowed: usually the recipient's country requires a number or a registered name.",
    fix: 'Set `from` to a permitted sender, or use another provider for this country in `sms.routes`.',
    link: SEND_PAGE,
  },
  '22': {
    cause: 'The network code does not match the number; the gateway itself sends no network code.',
    fix: "Check the user's number. If it is correct, contact Vonage support.",
    link: SEND_PAGE,
  },
  '23': {
    cause: 'The callback address for delivery reports is invalid.',
    fix: 'Set `PUBLIC_URL` to a public address.',
    link: SEND_PAGE,
  },
  '29': {
    cause: 'The account is a demo account, which sends only to the numbers on its list.',
    fix: "Add the number to the account's test numbers in Vonage's dashboard, or add credit to end the demo.",
    link: SEND_PAGE,
  },
  '32': {
    cause: 'The request had both a signature and the API secret. The gateway sends only the secret.',
    fix: 'Check whether a proxy adds a signature, for example at the address in `endpoint`.',
    link: SEND_PAGE,
  },
  '33': {
    cause: 'The number has been deactivated by its carrier.',
    fix: CORRECT_NUMBER,
    link: SEND_PAGE,
  },
};

/**
 * Meanings of failures in delivery reports; the keys are those of `VONAGE_REPORT_CODES`, and the statuses of
 * reports without a code.
 */
export const VONAGE_REPORT_EXPLANATIONS: Explanations = {
  '1': {
    cause: 'The carrier did not deliver the SMS and gave no known reason.',
    fix: `${NEXT_PROVIDER} If it recurs, contact Vonage support with the ids of several messages.`,
    link: REPORT_PAGE,
  },
  '2': {
    cause: "The recipient's phone was temporarily unreachable: off or out of coverage.",
    fix: 'The recipient has to switch the phone on. Then send again.',
    link: REPORT_PAGE,
  },
  '3': {
    cause: 'The number is permanently unreachable; it is usually no longer in service.',
    fix: CORRECT_NUMBER,
    link: REPORT_PAGE,
  },
  '4': {
    cause: "The recipient's network bars SMS to this number, or the recipient blocks them.",
    fix: 'The recipient has to ask the carrier to remove the block.',
    link: REPORT_PAGE,
  },
  '5': {
    cause: 'The SMS was lost because the number has moved to another carrier.',
    fix: `${NEXT_PROVIDER} If it recurs for this number, report it to Vonage support.`,
    link: REPORT_PAGE,
  },
  '6': {
    cause: "The carrier's spam filter rejected the SMS.",
    fix: 'Check the content, such as shortened links, and whether the country requires a registered sender.',
    link: REPORT_PAGE,
  },
  '7': {
    cause: "The recipient's phone was busy with another SMS or a call.",
    fix: `${NEXT_PROVIDER} Otherwise, send again later.`,
    link: REPORT_PAGE,
  },
  '8': {
    cause: "The recipient's network had a fault.",
    fix: `${NEXT_PROVIDER} Otherwise, send again later.`,
    link: REPORT_PAGE,
  },
  '9': {
    cause: 'The recipient has opted out of SMS from this sender.',
    fix: 'Nothing to do: the gateway has opted the number out too. The recipient can opt in again with START.',
    link: REPORT_PAGE,
  },
  '10': {
    cause: 'The carrier rejected a parameter of the SMS, usually the sender or a character in it.',
    fix: 'Check that the country permits `from`, and set `sms.text.transliterate` to avoid rare characters.',
    link: REPORT_PAGE,
  },
  '11': {
    cause: "Vonage has no working route to the recipient's network.",
    fix: `${NEXT_PROVIDER} If it recurs, contact Vonage support.`,
    link: REPORT_PAGE,
  },
  '12': {
    cause: 'There is no route to this number: usually it does not exist or cannot receive SMS.',
    fix: CORRECT_NUMBER,
    link: REPORT_PAGE,
  },
  '13': {
    cause: "The recipient's carrier blocked the SMS because of an age restriction on the number.",
    fix: 'The recipient has to let the carrier lift the restriction. Check also the content.',
    link: REPORT_PAGE,
  },
  '14': {
    cause: "The recipient's plan does not include SMS, or the carrier blocks them for this number.",
    fix: 'The recipient has to ask the carrier to enable SMS.',
    link: REPORT_PAGE,
  },
  '15': {
    cause: "The recipient's prepaid plan has no credit left, which its carrier requires.",
    fix: 'The recipient has to add credit at the carrier.',
    link: REPORT_PAGE,
  },
  '50': {
    cause: "The sending company is not registered as the recipient's country requires.",
    fix: 'Register the company with Vonage, or use another provider for this country in `sms.routes`.',
    link: REPORT_PAGE,
  },
  '51': {
    cause: "The sender is not registered as the recipient's country requires.",
    fix: 'Register the sender for this country with Vonage, or set `from` to a registered one.',
    link: REPORT_PAGE,
  },
  '52': {
    cause: "The content matches no template registered in the recipient's country.",
    fix: 'Register the templates of `sms.text.templates` there, or adapt them to the registered ones.',
    link: REPORT_PAGE,
  },
  '53': {
    cause: 'The recipient has not given the registered consent that the country requires.',
    fix: "Register the recipient's consent as the country requires, then send again.",
    link: REPORT_PAGE,
  },
  '54': {
    cause: "The SMS was rejected under another regulation of the recipient's country.",
    fix: 'Ask Vonage support which rule applies, such as times of day or content.',
    link: REPORT_PAGE,
  },
  '99': {
    cause: 'A general routing fault prevented the delivery.',
    fix: `${NEXT_PROVIDER} If it recurs, contact Vonage support.`,
    link: REPORT_PAGE,
  },
  // Statuses of reports without a code
  expired: {
    cause:
      'The SMS was not delivered within its lifetime, usually because the phone was off or out of coverage.',
    fix: 'The recipient has to switch the phone on. Then send again.',
    link: REPORT_PAGE,
  },
  failed: {
    cause: 'The SMS was not delivered, and the delivery report gives no reason.',
    fix: `${NEXT_PROVIDER} If it recurs, contact Vonage support with the id of the message.`,
    link: REPORT_PAGE,
  },
  rejected: {
    cause: 'The carrier or Vonage rejected the SMS, and the delivery report gives no reason.',
    fix: 'Check the content and whether the country requires a registered sender.',
    link: REPORT_PAGE,
  },
  deleted: {
    cause: 'The SMS was deleted before it was delivered.',
    fix: `${NEXT_PROVIDER} If it recurs, contact Vonage support with the id of the message.`,
    link: REPORT_PAGE,
  },
};
