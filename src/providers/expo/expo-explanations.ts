import type { Explanation, Explanations } from '../explanation.js';

const PUSH_PAGE = 'https://docs.expo.dev/push-notifications/sending-notifications/#individual-errors';
const REQUEST_PAGE = 'https://docs.expo.dev/push-notifications/sending-notifications/#request-errors';

const temporary = (cause: string, link: string): Explanation => ({
  cause,
  fix: 'Nothing to do: the gateway retries by itself.',
  link,
});

/** The gateway sends one push per request. */
const malformed = (cause: string): Explanation => ({
  cause: `${cause} The gateway sends a single push, so a proxy at \`endpoint\` may have combined several.`,
  fix: 'If `endpoint` is set, check the proxy there; otherwise report this code as a fault of Bellhop.',
  link: REQUEST_PAGE,
});

/** Meanings of Expo's codes; the keys are those of `EXPO_CODES`. */
export const EXPO_EXPLANATIONS: Explanations = {
  // Push
  DeviceNotRegistered: {
    cause:
      'The app was removed from the device or no longer has permission for notifications, or the token was replaced by a newer one.',
    fix: 'Nothing to do: the gateway retires the token; the app registers a new one at its next start.',
    link: PUSH_PAGE,
  },
  MessageTooBig: {
    cause:
      'The push is larger than 4,096 bytes, which Expo does not accept. The gateway shortens pushes to this size, so a proxy at `endpoint` may have changed it.',
    fix: 'If `endpoint` is set, check the proxy there; otherwise report this code as a fault of Bellhop and remove fields from `push.customJson` meanwhile.',
    link: PUSH_PAGE,
  },
  MessageRateExceeded: {
    cause: 'Too many pushes were sent to this device within a short time.',
    fix: 'Nothing to do: the gateway retries by itself. If it recurs, send fewer pushes to this user, for example with `rules`.',
    link: PUSH_PAGE,
  },
  MismatchSenderId: {
    cause:
      'The FCM credentials stored with Expo belong to another Firebase project than the build of the app.',
    fix: "Upload the service account key of the app's Firebase project under Credentials on expo.dev, or with `eas credentials`, and compare the project with `google-services.json`.",
    link: PUSH_PAGE,
  },
  InvalidCredentials: {
    cause:
      'The FCM or APNs credentials stored with Expo are missing, revoked or wrong. The token may be valid.',
    fix: 'Renew the FCM service account key or the APNs key under Credentials on expo.dev, or with `eas credentials`.',
    link: PUSH_PAGE,
  },
  DeveloperError: {
    cause: 'Expo counts the push itself as faulty and gives no more precise code.',
    fix: 'Check what `push.customJson`, `push.sound` and `rules` add to the push. If these are right, report this code as a fault of Bellhop.',
    link: PUSH_PAGE,
  },
  ExpoError: temporary('A fault at Expo: the push was not processed.', PUSH_PAGE),
  ProviderError: temporary('FCM or APNs, to which Expo forwards the push, failed.', PUSH_PAGE),
  // Request
  TOO_MANY_REQUESTS: {
    cause: 'The Expo project has sent more than 600 pushes within a second.',
    fix: 'Nothing to do: the gateway waits and retries. If it recurs, check which other systems send for this project.',
    link: REQUEST_PAGE,
  },
  PUSH_TOO_MANY_NOTIFICATIONS: malformed('The request has more than 100 pushes.'),
  PUSH_TOO_MANY_EXPERIENCE_IDS: malformed('The request has tokens of different Expo projects.'),
  VALIDATION_ERROR: {
    cause: 'Expo could not read the request, usually because the token is not an Expo token.',
    fix: 'Register the token as `getExpoPushTokenAsync` gives it: `ExponentPushToken[…]`. If it is right, check what `push.customJson` and `rules` add to the push.',
    link: REQUEST_PAGE,
  },
  API_ERROR: temporary("A fault of Expo's API: the push was not processed.", REQUEST_PAGE),
  INTERNAL_SERVER_ERROR: temporary('An internal fault at Expo: the push was not processed.', REQUEST_PAGE),
  UNAUTHORIZED: {
    cause:
      'The Expo project requires an access token (enhanced security), and `accessToken` is not set, was revoked or is that of another account.',
    fix: 'Create an access token on expo.dev with an account that may send for the project, and set it as `accessToken`.',
    link: REQUEST_PAGE,
  },
};
