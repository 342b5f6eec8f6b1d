import { LOG_REASONS, type LogReason, type LogRow } from '../../platform/cometchat/notification-log.js';

/** The meaning of a row of CometChat's log, and the next step. */
export interface LogExplanation {
  readonly meaning: string;
  /** Null if there is nothing to do. */
  readonly fix: string | null;
  readonly link: string;
}

const DOCS = 'https://www.cometchat.com/docs/notifications';
const PREFERENCES = `${DOCS}/preferences`;
const SMS_PREFERENCES = `${DOCS}/sms-preferences`;
const LOGS = `${DOCS}/logs`;
const WEBHOOKS = {
  push: `${DOCS}/custom-providers`,
  sms: `${DOCS}/sms-custom-providers`,
  email: `${DOCS}/email-custom-providers`,
} as const;

const LET_USER_CHANGE =
  'If users may override the setting, the app can change it for the user; otherwise change it in CometChat’s dashboard under Notifications → Preferences.';

/** Every documented reason. */
export const REASON_EXPLANATIONS: Readonly<Record<LogReason, LogExplanation>> = {
  MESSAGES_PREFERENCE: {
    meaning:
      'The preferences suppress new messages in this kind of conversation, or allow only those that mention the user.',
    fix: LET_USER_CHANGE,
    link: PREFERENCES,
  },
  REPLIES_PREFERENCE: {
    meaning: 'The preferences suppress replies in threads, or allow only those that mention the user.',
    fix: LET_USER_CHANGE,
    link: PREFERENCES,
  },
  QUOTED_REPLIES_PREFERENCE: {
    meaning: 'The preferences suppress quoted replies, or allow only those that concern the user.',
    fix: LET_USER_CHANGE,
    link: PREFERENCES,
  },
  MESSAGE_ACTIONS_PREFERENCE: {
    meaning: 'The preferences suppress notifications of edited or deleted messages.',
    fix: 'Change the setting in CometChat’s dashboard under Notifications → Preferences. Without these notifications, a deleted message stays visible on the lock screen.',
    link: PREFERENCES,
  },
  REACTIONS_PREFERENCE: {
    meaning:
      'The preferences suppress reactions, or allow only those to the user’s own messages, which is the default.',
    fix: LET_USER_CHANGE,
    link: PREFERENCES,
  },
  GROUP_ACTIONS_PREFERENCE: {
    meaning:
      'The preferences suppress this group event, such as a member who joins or leaves. By default, all of them are suppressed.',
    fix: LET_USER_CHANGE,
    link: PREFERENCES,
  },
  DND_PREFERENCE: {
    meaning: 'The user has switched on do-not-disturb.',
    fix: 'Nothing to do if the user wants it so; the user switches it off in the app. Mentions can be let through by “bypass preferences” in CometChat’s dashboard.',
    link: PREFERENCES,
  },
  MUTE_PREFERENCE: {
    meaning: 'The user has muted this conversation.',
    fix: 'Nothing to do if the user wants it so; the user unmutes the conversation in the app.',
    link: PREFERENCES,
  },
  SCHEDULE_PREFERENCE: {
    meaning:
      'The message came outside the hours of the user’s schedule. The hours are in the user’s time zone, or in that of the region if the app never sent one: EST in us, GMT in eu, Asia/Kolkata in in.',
    fix: 'Compare the schedule with the user’s time zone in CometChat; the app sends the time zone when it registers a push token, and a backend sets it by REST (`PATCH /notifications/v1/preferences/timezone`).',
    link: PREFERENCES,
  },
  CALL_PREFERENCE: {
    meaning: 'The preferences suppress this call event.',
    fix: 'Set the call events that the app needs, at least `initiated`, `cancelled` and `unanswered`, to notify in CometChat’s dashboard under Notifications → Preferences.',
    link: PREFERENCES,
  },
  QUOTA_PREFERENCE: {
    meaning:
      'CometChat’s limit on SMS and e-mails was reached. By default: one every 120 minutes per conversation, 2 a day per conversation and 20 a day per user.',
    fix: 'Raise the limits in CometChat’s dashboard under Notifications → Preferences, if more are wanted.',
    link: SMS_PREFERENCES,
  },
  MISSING_EMAIL: {
    meaning: 'CometChat has no e-mail address of the user. It concerns e-mails only.',
    fix: 'Nothing to do for pushes and SMS. Otherwise store the address in CometChat (`PATCH /notifications/v1/contact-details`).',
    link: `${DOCS}/email-integration`,
  },
  MISSING_PHNO: {
    meaning:
      'CometChat has no phone number of the user, and its provider is set to be called only for stored numbers.',
    fix: 'Switch off “Trigger only if phone number is stored with CometChat” of the custom SMS provider (`useStoredPhNo`) and store numbers here (`PUT /v1/users/{uid}/contact`), or store the number in CometChat.',
    link: WEBHOOKS.sms,
  },
  INVALID_PUSH_PROVIDER_ID: {
    meaning:
      'The push token in CometChat names a provider id that CometChat does not have. It concerns CometChat’s own FCM or APNs, not the webhooks.',
    fix: 'Disable CometChat’s own FCM and APNs providers if the pushes should come from here. Otherwise register the token under an existing provider id.',
    link: `${DOCS}/push-integration`,
  },
  TIMED_OUT: {
    meaning:
      'The answer came too late: CometChat waits about 2 s. The webhook may have been stored nevertheless.',
    fix: 'Look for this time in the log of the gateway and its proxy. The gateway answers within 1.8 s, with 503 if its stores do not; a slow proxy, DNS or TLS adds to it.',
    link: WEBHOOKS.push,
  },
  NOT_FOUND: {
    meaning:
      'Something that CometChat needed does not exist; its documentation does not say what. Usually the webhook’s URL was answered 404, or the push token is unknown to its vendor.',
    fix: 'Check the path of the webhook’s URL below `providers`, and that the proxy forwards `/webhooks/cometchat/`.',
    link: LOGS,
  },
  TWILIO_CREATE_ERROR: {
    meaning: 'Twilio refused an SMS that CometChat sent by its own Twilio provider.',
    fix: 'Disable CometChat’s own Twilio provider, so that the SMS comes from here. Otherwise look at Twilio’s error log.',
    link: `${DOCS}/sms-integration`,
  },
};

/** Explains a row. */
export function explainRow(row: LogRow): LogExplanation {
  const { reason } = row;
  if (isDocumented(reason)) return REASON_EXPLANATIONS[reason];
  if (reason !== null)
    return {
      meaning: `CometChat gives the reason ${shown(reason)}, which its documentation does not list.`,
      fix: 'Ask CometChat’s support about it, with the id of the row.',
      link: LOGS,
    };
  if (!row.isTriggered)
    return {
      meaning: 'CometChat did not call the provider and gives no reason.',
      fix: 'Ask CometChat’s support about it, with the id of the row.',
      link: LOGS,
    };
  return explainCall(row);
}

function explainCall({ channel, provider, isSuccess }: LogRow): LogExplanation {
  if (provider !== null && provider !== 'custom')
    return {
      meaning: `CometChat used its own provider ${shown(provider)}${isSuccess === false ? ', which refused' : ''}. The gateway was not called for it.`,
      fix: 'Disable this provider in CometChat and enable the custom provider, so that the notification comes from here.',
      link: channel === 'sms' ? `${DOCS}/sms-integration` : `${DOCS}/push-integration`,
    };
  const link = channel === 'sms' || channel === 'email' ? WEBHOOKS[channel] : WEBHOOKS.push;
  if (isSuccess === false)
    return {
      meaning: 'CometChat called the webhook and got no 200.',
      fix: 'Look for `http.refused` and `http.failed` at this time in the log of the gateway: 401 means that username or password differ, 403 that `appId` is not configured. Without such a line the request never arrived: check DNS, the proxy and the URL.',
      link,
    };
  return { meaning: 'CometChat called the webhook and got 200.', fix: null, link };
}

const isDocumented = (reason: string | null): reason is LogReason =>
  LOG_REASONS.some((documented) => documented === reason);

const MAX_SHOWN = 60;

/** A word of CometChat that may be anything. */
const shown = (word: string): string => `\`${word.replaceAll(/[^\w.:-]/g, '').slice(0, MAX_SHOWN)}\``;
