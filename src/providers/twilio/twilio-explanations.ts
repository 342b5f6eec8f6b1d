import type { Explanation, Explanations } from '../explanation.js';

type Meaning = Omit<Explanation, 'link'>;

const CORRECT_NUMBER = "Correct the user's number in CometChat or in the gateway's contact of this user.";
const MOBILE_NUMBER = 'Ask the user for a mobile number; no provider can send an SMS to this one.';
const NEXT_PROVIDER = 'The next provider of the route sends the SMS, if there is one.';
const SHORTEN = 'Shorten the SMS, or lower `sms.text.maxSegments`.';
const RETRIED = 'Nothing to do: the gateway uses the next provider of the route, or retries later.';

const noContent: Meaning = {
  cause: 'The SMS was empty: it had neither words nor media.',
  fix: 'Check the template in `sms.text.templates` and what the webhook of this notification contained.',
};
const accountNotActive: Meaning = {
  cause: "The account is not active: usually its balance is empty, rarely it has broken Twilio's rules.",
  fix: 'Add credit in the Twilio Console. If the balance is positive, contact Twilio support.',
};
const noSmsSender: Meaning = {
  cause: 'The sender cannot send SMS, for example because the number is for voice only.',
  fix: "Check the number's capabilities in the Twilio Console, and set `from` to one with SMS.",
};
const senderIdNotRegistered: Meaning = {
  cause:
    "The recipient's country or carrier accepts only registered senders, and this sender is not registered.",
  fix: 'Register the sender in the Twilio Console, or use another provider for this country in `sms.routes`.',
};
const twilioFault: Meaning = {
  cause: 'Twilio accepted the SMS and could not send it because of an internal fault.',
  fix: `${NEXT_PROVIDER} If it recurs, contact Twilio support with the id of the message.`,
};

/** Meanings of Twilio's codes; the keys are those of `TWILIO_CODES`. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  // Number
  21211: {
    cause:
      'The number is not a valid telephone number: usually digits are missing or the country code is wrong.',
    fix: `${CORRECT_NUMBER} For numbers written without a country code, check \`sms.defaultCountry\`.`,
  },
  21214: {
    cause: 'The number cannot be reached; it is usually not in service.',
    fix: CORRECT_NUMBER,
  },
  21217: {
    cause: 'The number does not appear to be valid: it does not fit the numbering plan of its country.',
    fix: CORRECT_NUMBER,
  },
  21265: {
    cause: 'The number is a short code, which cannot receive SMS from the API.',
    fix: MOBILE_NUMBER,
  },
  21268: {
    cause: 'The number is a premium-rate number, to which Twilio does not send.',
    fix: MOBILE_NUMBER,
  },
  21614: {
    cause: 'The number is not a mobile number.',
    fix: MOBILE_NUMBER,
  },
  21635: {
    cause: 'The number is a landline.',
    fix: MOBILE_NUMBER,
  },
  30005: {
    cause: 'The carrier does not know the number: it is usually inactive or mistyped.',
    fix: CORRECT_NUMBER,
  },
  30006: {
    cause: 'The number is a landline, or Twilio cannot reach its carrier.',
    fix: 'Ask the user for a mobile number. If it is one, ask Twilio support whether its carrier is covered.',
  },
  21266: {
    cause: "The recipient's number is the sender itself.",
    fix: "Correct the user's number, or set `from` to another sender.",
  },
  21612: {
    cause:
      'This sender cannot reach the number: usually its country or carrier does not accept such senders.',
    fix: 'Use a sender that the country accepts, or another provider for this country in `sms.routes`.',
  },
  30003: {
    cause: "The recipient's phone was off or out of coverage, or does not accept SMS from this sender.",
    fix: 'The recipient has to switch the phone on and remove a block of the sender. Then send again.',
  },
  21610: {
    cause: 'The recipient replied STOP to this sender.',
    fix: 'Nothing to do: the gateway has opted the number out too. The recipient can opt in again with START.',
  },
  21408: {
    cause: "The country is not enabled in the account's geo permissions.",
    fix: 'Enable the country in the Twilio Console under Messaging, Settings, Geo permissions.',
  },
  // Message
  21602: noContent,
  21608: {
    cause: 'The account is a trial account, which sends only to numbers verified in it.',
    fix: 'Verify the number in the Twilio Console, or upgrade the account.',
  },
  21617: {
    cause: "The SMS is longer than Twilio's limit of 1,600 characters.",
    fix: SHORTEN,
  },
  21619: noContent,
  21658: {
    cause:
      'A field of the request is longer than Twilio accepts, usually the SMS itself or the callback address.',
    fix: `${SHORTEN} If it is short, shorten \`PUBLIC_URL\`.`,
  },
  30004: {
    cause: 'The SMS was blocked: usually the recipient or the carrier blocks this sender.',
    fix: 'The recipient has to remove the block. If many numbers are affected, contact Twilio support.',
  },
  30007: {
    cause: "The carrier's filter, or Twilio's own, took the SMS for spam.",
    fix: 'Check the content, such as shortened links, and the registration of the sender in the Twilio Console.',
  },
  30008: {
    cause: 'The carrier did not deliver the SMS and gave no reason.',
    fix: `${NEXT_PROVIDER} If it recurs, contact Twilio support with the ids of several messages.`,
  },
  30019: {
    cause:
      'The SMS is longer than this carrier accepts; in UCS-2 the limit is reached with fewer characters.',
    fix: `${SHORTEN} \`sms.text.transliterate\` avoids UCS-2 where possible.`,
  },
  30036: {
    cause: "The SMS was not sent within its lifetime, usually because it waited in the sender's queue.",
    fix: 'Check the queue in the Twilio Console, and use a messaging service with more or faster senders.',
  },
  30038: {
    cause: 'Twilio took the SMS for a one-time password, which its own numbers usually may not receive.',
    fix: 'Ask the user for a number of a mobile carrier. If it is one, contact Twilio support.',
  },
  30450: {
    cause: "Twilio's protection against SMS pumping considered the number or its range suspicious.",
    fix: "Check what caused the SMS. If the user is genuine, add the number to Twilio's Global Safe List.",
  },
  30485: {
    cause: 'The SMS was not delivered, and no reason is given.',
    fix: `${NEXT_PROVIDER} If it recurs, contact Twilio support with the id of the message.`,
  },
  // Capacity
  14107: {
    cause: 'More SMS were sent at once than the rate limit allows.',
    fix: `${RETRIED} If it recurs, set \`throughputPerSecond\`.`,
  },
  20429: {
    cause: 'The account had too many API requests at the same time; Twilio did not process this one.',
    fix: `${RETRIED} If it recurs, check which other programs use the account.`,
  },
  21611: {
    cause: "The sender's queue is full: it already holds ten hours of SMS.",
    fix: `${RETRIED} If it recurs, use a messaging service with more or faster senders.`,
  },
  30001: {
    cause: "The sender's queue at Twilio overflowed: SMS were sent faster than the sender's rate.",
    fix: `${NEXT_PROVIDER} If it recurs, use more or faster senders, and set \`throughputPerSecond\`.`,
  },
  30022: {
    cause: 'SMS were sent faster than US carriers allow for the campaign, or too many went to one number.',
    fix: `${NEXT_PROVIDER} If it recurs, set \`throughputPerSecond\` to the rate of the campaign.`,
  },
  30023: {
    cause: 'The daily number of SMS that US carriers allow for this brand or campaign is used up.',
    fix: `${NEXT_PROVIDER} If it recurs, ask Twilio support for a higher limit of the brand.`,
  },
  30027: {
    cause: "T-Mobile's daily limit for the brand is used up; numbers of other carriers are not affected.",
    fix: `${NEXT_PROVIDER} If it recurs, ask Twilio support for a higher limit of the brand.`,
  },
  30454: {
    cause: 'A daily limit is used up.',
    fix: `${RETRIED} If it recurs, ask Twilio support for a higher limit.`,
  },
  63038: {
    cause: 'The account has sent as many messages as it may within 24 hours.',
    fix: `${RETRIED} If it recurs, ask Twilio support for a higher limit.`,
  },
  // Account
  10001: accountNotActive,
  20005: accountNotActive,
  30002: {
    cause: 'The account was suspended while the SMS was queued: usually its balance was empty.',
    fix: 'Add credit in the Twilio Console. If the balance is positive, contact Twilio support.',
  },
  // Settings
  20003: {
    cause: 'The credentials are wrong: usually the auth token was rotated, or it belongs to another account.',
    fix: 'Compare `accountSid` and `authToken`, or `apiKeySid` and `apiKeySecret`, with the Twilio Console.',
  },
  20008: {
    cause: "The credentials are the account's test credentials, which cannot be used for this request.",
    fix: 'Set `accountSid` and `authToken` to the live credentials from the Twilio Console.',
  },
  20403: {
    cause: 'The credentials lack permission: usually they are an API key without access to messages.',
    fix: 'Give the key in `apiKeySid` permission to create and read messages in the Twilio Console.',
  },
  20404: {
    cause: 'The account was not found: usually `accountSid` is mistyped.',
    fix: 'Compare `accountSid` with the Twilio Console, and check `endpoint` if it is set.',
  },
  21212: {
    cause: 'The sender is not a valid number, short code or name.',
    fix: 'Set `from` to a number in E.164, a short code or a name of at most 11 characters.',
  },
  21267: {
    cause: 'The account is a trial account, which cannot use a name as sender.',
    fix: 'Set `from` to a number of the account, or upgrade the account.',
  },
  21601: noSmsSender,
  21603: {
    cause: 'The request had no sender.',
    fix: 'Set `from` or `messagingServiceSid`.',
  },
  21606: {
    cause:
      'The sender is not a number of this account, cannot send SMS, or is a short code of another country.',
    fix: 'Set `from` to a number of the account with SMS, in E.164. A number being ported works afterwards.',
  },
  21609: {
    cause:
      'The callback address is invalid: `PUBLIC_URL` is unreachable, or its host name has an underscore.',
    fix: 'Set `PUBLIC_URL` to a public address whose host name has no underscore.',
  },
  21616: {
    cause: 'The sender matches several numbers of the account.',
    fix: 'Write `from` as a full number in E.164, with its country code.',
  },
  21659: {
    cause: "The sender is not a Twilio number, or is a short code of another country than the recipient's.",
    fix: 'Set `from` to a number of the account; use a short code only for its country, with `sms.routes`.',
  },
  21660: {
    cause: 'The sender belongs to another account, often to the main account or a subaccount.',
    fix: 'Set `accountSid` to the account that owns the number, or `from` to a number of this account.',
  },
  21661: noSmsSender,
  21701: {
    cause:
      'The messaging service does not exist in this account: it was deleted, or belongs to another account.',
    fix: 'Compare `messagingServiceSid` and `accountSid` with the Twilio Console.',
  },
  21703: {
    cause: 'The messaging service has no sender that suits this number, for example none for its country.',
    fix: "Add a suitable sender to the messaging service's sender pool in the Twilio Console.",
  },
  21704: {
    cause: 'The messaging service has no sender.',
    fix: "Add a sender to the messaging service's sender pool in the Twilio Console.",
  },
  21705: {
    cause: 'The configured SID is not that of a messaging service.',
    fix: 'Copy the SID (MG…) from the Twilio Console to `messagingServiceSid`.',
  },
  30024: {
    cause: "The recipient's carrier does not know the sender yet: usually its registration is recent.",
    fix: 'Wait until the carriers have completed it. If it continues, contact Twilio support.',
  },
  30032: {
    cause: 'The toll-free sender is not verified.',
    fix: 'Submit the toll-free verification in the Twilio Console; until it is approved, use another sender.',
  },
  30033: {
    cause: "The sender's campaign has been suspended by the carriers, usually for a breach of their rules.",
    fix: 'Check the state of the campaign in the Twilio Console, and contact Twilio support.',
  },
  30034: {
    cause: 'The 10DLC campaign of the US sender is not registered, or does not include this number.',
    fix: 'Register a brand and a campaign in the Twilio Console, and add the number to it.',
  },
  30035: {
    cause:
      'The registration of the US sender is not complete yet: the number was added to its campaign recently.',
    fix: 'Wait until the Twilio Console shows the number as registered; until then, use another sender.',
  },
  30037: {
    cause: 'Twilio has disabled outbound messages for the account.',
    fix: 'Look for a notice from Twilio in the Console and by e-mail, and contact Twilio support.',
  },
  30040: senderIdNotRegistered,
  30041: senderIdNotRegistered,
  // Twilio
  20500: {
    cause: "Twilio's API had an internal fault.",
    fix: RETRIED,
  },
  20503: {
    cause: "Twilio's API was temporarily unavailable.",
    fix: RETRIED,
  },
  21730: {
    cause: "Twilio's system was under maintenance.",
    fix: RETRIED,
  },
  30020: twilioFault,
  30021: twilioFault,
};

/** Explanations of Twilio's codes, each with its own page. The codes mean the same in delivery reports. */
export const TWILIO_EXPLANATIONS: Explanations = Object.fromEntries(
  Object.entries(MEANINGS).map(([code, meaning]) => [
    code,
    { ...meaning, link: `https://www.twilio.com/docs/api/errors/${code}` },
  ]),
);
