import type { Explanation, Explanations } from '../explanation.js';

const CODES = 'https://developers.sinch.com/docs/sms/api-reference/status-codes';
const STATUSES = 'https://developers.sinch.com/docs/sms/api-reference/sms/delivery-reports';
const REPORTS =
  'https://developers.sinch.com/docs/sms/api-reference/sms/delivery-reports/delivery-report-error-codes';
const NETWORKS = 'https://developers.sinch.com/docs/sms/smpp/error-codes';

/** Meanings of `code` in error responses; the keys are those of `SINCH_CODES`. */
export const SINCH_EXPLANATIONS: Explanations = {
  syntax_invalid_json: {
    cause: 'Sinch could not read the request as JSON. Usually a proxy at `endpoint` changed it.',
    fix: 'Call Sinch directly, or let the proxy pass requests unchanged. If it persists, report a bug of the gateway.',
    link: CODES,
  },
  syntax_invalid_parameter_format: {
    cause: 'A field is malformed, usually the phone number or the sender.',
    fix: 'Check the number of the user. If all SMS fail, set `from` to a number with its country code, a short code or a name.',
    link: CODES,
  },
  syntax_constraint_violation: {
    cause: 'A field is missing, too long or out of range, usually the text of the SMS or the sender.',
    fix: 'Shorten the text of the SMS. If all SMS fail, check `from`.',
    link: CODES,
  },
  illegal_number_type: {
    cause: 'The number is of a kind that cannot receive SMS in its region, such as a fixed line.',
    fix: 'Ask the user for a mobile number; the gateway has retired this one.',
    link: CODES,
  },
  missing_callback_url: {
    cause:
      'A delivery report was requested, but Sinch has no callback URL. Bellhop sends one with such a request; a proxy may have removed it.',
    fix: 'Check `PUBLIC_URL`, or set a callback URL for the service plan in the Sinch dashboard.',
    link: CODES,
  },
  unknown_campaign: {
    cause: 'The sender does not belong to the campaign, as required for 10DLC in the United States.',
    fix: 'Assign the number of `from` to the campaign in the Sinch dashboard.',
    link: CODES,
  },
  blocked_account: {
    cause: 'Sinch has blocked the account, usually because its balance is used up.',
    fix: 'Top up the account in the Sinch dashboard. If it has credit, ask Sinch support.',
    link: CODES,
  },
};

const UNKNOWN_NUMBER: Explanation = {
  cause: 'The network does not know the number. Usually it is wrong or no longer in use.',
  fix: 'Correct the number of the user.',
  link: NETWORKS,
};

const OFFLINE: Explanation = {
  cause: 'The phone was off or out of coverage.',
  fix: 'Send the notification again once the phone is reachable.',
  link: NETWORKS,
};

const WRONG_NUMBER: Explanation = {
  cause:
    'The network does not accept the format of the number. Usually it is wrong, or too short or too long.',
  fix: 'Correct the number of the user.',
  link: NETWORKS,
};

const BARRED: Explanation = {
  cause: 'The network does not accept this subscriber: the SIM card is locked, or failed authentication.',
  fix: 'The recipient has to ask their carrier.',
  link: NETWORKS,
};

const WRONG_SENDER: Explanation = {
  cause:
    'The network does not accept the sender. Usually it is not registered for the country, or of a kind not allowed there.',
  fix: 'Set `from` to a sender that is registered for the country, or register it in the Sinch dashboard.',
  link: NETWORKS,
};

const RECIPIENT_BARS: Explanation = {
  cause: 'The recipient has barred SMS from this sender at their carrier.',
  fix: 'The recipient has to remove the bar; the SMS cannot be delivered until then.',
  link: NETWORKS,
};

const PROGRESS: Explanation = {
  cause: 'Sinch has the SMS and has not sent it to the carrier yet.',
  fix: 'Nothing to do: a further delivery report follows.',
  link: STATUSES,
};

const DISPATCHED: Explanation = {
  cause: 'Sinch has sent the SMS to the carrier.',
  fix: 'Nothing to do: a further delivery report follows.',
  link: STATUSES,
};

const DELIVERED: Explanation = {
  cause: 'The carrier reports the SMS as delivered to the phone.',
  fix: "If the user does not see it, check the phone's spam folder and blocked senders.",
  link: STATUSES,
};

/** Meanings of delivery reports; the keys are those of `SINCH_REPORTS` and `SINCH_DELIVERY_CODES`. */
export const SINCH_REPORT_EXPLANATIONS: Explanations = {
  // Statuses, for reports without a code
  Queued: PROGRESS,
  Dispatched: DISPATCHED,
  Unknown: {
    cause: 'The carrier accepted the SMS and did not report whether it was delivered.',
    fix: 'Ask the recipient whether it arrived. If this is frequent in a country, ask Sinch support for another route.',
    link: STATUSES,
  },
  Delivered: DELIVERED,
  Aborted: {
    cause:
      'Sinch stopped the SMS before it reached the carrier, for example because of the account or the number.',
    fix: 'Look the message id up in the Sinch dashboard, or ask Sinch support.',
    link: STATUSES,
  },
  Cancelled: {
    cause: 'The SMS was cancelled at Sinch before it reached the carrier. Bellhop never cancels SMS.',
    fix: 'Find out who cancelled the batch in the Sinch dashboard or by the API.',
    link: STATUSES,
  },
  Rejected: {
    cause:
      'The carrier rejected the SMS. Usually the sender is not registered, or a filter objects to the text.',
    fix: 'Check the registration of `from` and the text of the SMS, then ask Sinch support with the message id.',
    link: STATUSES,
  },
  Failed: {
    cause: 'The carrier could not deliver the SMS and states no reason.',
    fix: 'Check the number, and ask Sinch support with the message id.',
    link: STATUSES,
  },
  Expired: {
    cause:
      'The SMS could not be delivered within its validity period. Usually the phone was off or out of coverage.',
    fix: 'Send the notification again once the phone is reachable.',
    link: STATUSES,
  },
  Deleted: {
    cause:
      'The carrier deleted the SMS. Usually the number does not exist, or the recipient blocks the sender.',
    fix: 'Check the number of the user; ask the recipient whether the phone blocks the sender.',
    link: STATUSES,
  },
  // Number
  9: { ...WRONG_NUMBER, cause: 'The network does not support the numbering plan of the number.' },
  10: { ...WRONG_NUMBER, cause: 'The network does not support this type of number.' },
  61: {
    cause: 'Sinch or the network blocks this number.',
    fix: 'Ask Sinch support why the number is blocked.',
    link: NETWORKS,
  },
  100: UNKNOWN_NUMBER,
  150: UNKNOWN_NUMBER,
  151: {
    cause: 'The carrier has barred the subscriber, for example because of an unpaid bill.',
    fix: 'The recipient has to ask their carrier.',
    link: NETWORKS,
  },
  152: {
    cause:
      'The subscription of the number does not include SMS, as with fixed lines and data-only SIM cards.',
    fix: 'Ask the user for a number that can receive SMS.',
    link: NETWORKS,
  },
  153: OFFLINE,
  154: {
    cause: 'The recipient is roaming in a network through which SMS cannot be delivered.',
    fix: 'Send the notification again once the recipient is back in their own network.',
    link: NETWORKS,
  },
  159: { ...OFFLINE, cause: 'The network could not reach the phone, which is off or out of coverage.' },
  200: UNKNOWN_NUMBER,
  201: OFFLINE,
  202: OFFLINE,
  204: {
    cause: 'The SIM card of the phone cannot receive SMS.',
    fix: 'Ask the user for a number that can receive SMS.',
    link: NETWORKS,
  },
  205: BARRED,
  206: {
    cause: 'The network does not accept this phone, for example because it is reported as stolen.',
    fix: 'The recipient has to use another phone or ask their carrier.',
    link: NETWORKS,
  },
  300: WRONG_NUMBER,
  301: { ...WRONG_NUMBER, cause: 'The network does not accept the numbering plan of the number.' },
  302: { ...WRONG_NUMBER, cause: 'The network does not accept this type of number.' },
  402: {
    cause:
      'Sinch has no route to the number. Usually the number is wrong, or the country is not part of the contract.',
    fix: 'Check the number of the user; ask Sinch support for a route, or route the country to another provider.',
    link: REPORTS,
  },
  412: {
    cause: 'The country of the number is not enabled for the account.',
    fix: 'Have the country enabled by Sinch, or route it to another provider.',
    link: REPORTS,
  },
  // Recipient
  254: {
    ...RECIPIENT_BARS,
    cause: 'The recipient accepts SMS from listed senders only, and this sender is not listed.',
  },
  255: RECIPIENT_BARS,
  // Message
  62: {
    cause: 'A filter found a blocked word in the text of the SMS.',
    fix: 'Change the text, or ask Sinch support which words are blocked.',
    link: NETWORKS,
  },
  405: {
    cause:
      'The text of the SMS has a placeholder for which Sinch has no value. Bellhop escapes the usual ones.',
    fix: 'Remove the placeholder (`${…}`) from the text of the SMS.',
    link: REPORTS,
  },
  408: {
    cause: 'The SMS centre rejected the SMS. Usually the sender or the text is not allowed.',
    fix: 'Check the registration of `from` and the text of the SMS, then ask Sinch support with the message id.',
    link: REPORTS,
  },
  343: {
    cause: 'The network does not accept the length of the SMS.',
    fix: 'Shorten the text of the SMS.',
    link: NETWORKS,
  },
  411: {
    cause: 'The SMS has more parts than the account allows.',
    fix: 'Shorten the text of the SMS, or have Sinch raise the limit of the account.',
    link: REPORTS,
  },
  404: {
    cause: 'A temporary fault at Sinch or the carrier.',
    fix: 'Send the notification again later.',
    link: REPORTS,
  },
  406: {
    cause:
      'The SMS expired at Sinch before it reached the carrier. Usually the account has more SMS waiting than its rate allows.',
    fix: 'Set `throughputPerSecond` to the rate of the service plan, or have it raised; send the notification again.',
    link: REPORTS,
  },
  407: {
    cause: 'The SMS was cancelled at Sinch before it reached the carrier. Bellhop never cancels SMS.',
    fix: 'Find out who cancelled the batch in the Sinch dashboard or by the API.',
    link: REPORTS,
  },
  // Account and settings
  64: {
    cause: 'The account has used up a quota.',
    fix: 'Have Sinch raise the quota, and send the notification again.',
    link: NETWORKS,
  },
  60: {
    cause: 'Sinch or the network blocks the sender.',
    fix: 'Set `from` to another sender, or ask Sinch support why it is blocked.',
    link: NETWORKS,
  },
  310: WRONG_SENDER,
  311: { ...WRONG_SENDER, cause: 'The network does not accept the numbering plan of the sender.' },
  312: { ...WRONG_SENDER, cause: 'The network does not accept the type of the sender, such as a name.' },
  410: {
    cause: 'Sinch found neither a sender nor a default one for the country of the number.',
    fix: 'Set `from`, or set a default sender for the service plan in the Sinch dashboard.',
    link: REPORTS,
  },
  413: {
    cause: 'Sinch has blocked the account, probably because its balance is used up.',
    fix: 'Top up the account in the Sinch dashboard. If it has credit, ask Sinch support.',
    link: REPORTS,
  },
  // Sinch
  403: {
    cause: 'An internal fault at Sinch.',
    fix: 'Send the notification again later. If it persists, ask Sinch support.',
    link: REPORTS,
  },
  // Codes of statuses that are no failure
  0: DELIVERED,
  400: { ...PROGRESS, link: REPORTS },
  401: { ...DISPATCHED, link: REPORTS },
};
