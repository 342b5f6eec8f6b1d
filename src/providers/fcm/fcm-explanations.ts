import type { Explanations } from '../explanation.js';

const PAGE = 'https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode';
const QUOTA_PAGE = 'https://firebase.google.com/docs/cloud-messaging/throttling-and-quotas';
/** Opens these settings of the project that the operator selects. */
const CONSOLE = 'https://console.firebase.google.com/project/_/settings/cloudmessaging';

/** Meanings of FCM's and Google's codes; the keys are those of `FCM_CODES`. */
export const FCM_EXPLANATIONS: Explanations = {
  UNREGISTERED: {
    cause:
      'The app was removed from the device or its data was deleted, or the token was replaced by a newer one. On Android, tokens also expire after 270 days without use.',
    fix: 'Nothing to do: the gateway retires the token; the app registers a new one at its next start.',
    link: PAGE,
  },
  SENDER_ID_MISMATCH: {
    cause:
      'The token belongs to another Firebase project than the service account. If all devices get this answer, the service account is the wrong one.',
    fix: 'Compare the project in the Firebase configuration file of the app with `projectId` and `serviceAccount`. A single device needs nothing: the app registers a new token once it uses the right project.',
    link: PAGE,
  },
  INVALID_ARGUMENT: {
    cause:
      'Usually the token is not an FCM token: it is truncated or an APNs token (reason `token_invalid`). Otherwise FCM does not accept a field of the message, or the message is too large.',
    fix: 'Register the token as the Firebase SDK gives it. If the reason is not `token_invalid`, check the fields that `push.customJson` and `rules` add.',
    link: PAGE,
  },
  QUOTA_EXCEEDED: {
    cause:
      'A quota of FCM is used up: that of the project, by default 600,000 messages a minute, or that of this device.',
    fix: 'Nothing to do: the gateway waits and retries. If it recurs on many devices, request more quota in the Google Cloud console; on one device, send fewer pushes to this user.',
    link: QUOTA_PAGE,
  },
  RESOURCE_EXHAUSTED: {
    cause: 'A quota of FCM is used up, that of the project or that of this device, or FCM is overloaded.',
    fix: 'Nothing to do: the gateway waits and retries. If it recurs on many devices, request more quota in the Google Cloud console; on one device, send fewer pushes to this user.',
    link: QUOTA_PAGE,
  },
  THIRD_PARTY_AUTH_ERROR: {
    cause:
      "The APNs key is missing or wrong in the Firebase console; for browsers, the web push key. The service account is not the cause, although Google's message speaks of OAuth.",
    fix: 'Open the project settings in the Firebase console, tab Cloud Messaging, and upload the APNs key (.p8) of this app with its key id and team id; for browsers, check the web push certificates there.',
    link: CONSOLE,
  },
  UNAVAILABLE: {
    cause: 'FCM is temporarily unavailable or overloaded.',
    fix: 'Nothing to do: the gateway retries by itself.',
    link: PAGE,
  },
  INTERNAL: {
    cause: 'A fault at Google: the message was not processed.',
    fix: 'Nothing to do: the gateway retries by itself.',
    link: PAGE,
  },
  DEADLINE_EXCEEDED: {
    cause: 'Google did not finish the request in time and may have sent the push nevertheless.',
    fix: 'Nothing to do: the gateway retries by itself, and the device may get the push twice.',
    link: PAGE,
  },
  UNAUTHENTICATED: {
    cause:
      'Google did not accept the access token. If retries fail as well, usually the service account or its key was disabled or deleted.',
    fix: 'Check the service account in the Google Cloud console. If its key is gone, create one in the Firebase console (project settings, Service accounts) and set it as `serviceAccount`.',
    link: PAGE,
  },
  PERMISSION_DENIED: {
    cause:
      'The service account may not send for this project: it lacks the role, belongs to another project, or the Firebase Cloud Messaging API (V1) is disabled.',
    fix: 'Check `projectId`. In the Google Cloud console, enable the Firebase Cloud Messaging API and give the service account the role Firebase Cloud Messaging API Admin.',
    link: PAGE,
  },
  NOT_FOUND: {
    cause:
      'Google does not know the project, usually because `projectId` is misspelt or the project was deleted. The token is not the cause.',
    fix: 'Set `projectId` to the project ID shown in the project settings of the Firebase console. It is neither the name nor the number of the project.',
    link: PAGE,
  },
  // Google's token server, by OAuth 2.0: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
  invalid_grant: {
    cause:
      'Google refused the signature of the service account, usually because its key was deleted in the Google Cloud console, or because the clock of this machine is wrong by more than some minutes.',
    fix: 'Check the clock of the machine. If it is right, create a new key of the service account and set `serviceAccount` to it.',
    link: 'https://developers.google.com/identity/protocols/oauth2/service-account',
  },
  invalid_client: {
    cause: 'Google does not know the service account: it was deleted, or belongs to a deleted project.',
    fix: 'Create a service account in the Firebase project and set `serviceAccount` to its key.',
    link: 'https://developers.google.com/identity/protocols/oauth2/service-account',
  },
};
