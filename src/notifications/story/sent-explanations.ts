/** Why an accepted message may not be visible, and what to look at. */
export interface SentExplanation {
  readonly cause: string;
  readonly fix: string;
  readonly link: string;
}

const APPLE =
  'https://developer.apple.com/documentation/usernotifications/viewing-the-status-of-push-notifications-using-metrics-and-apns';

/** By kind of delivery. From the vendor on, only the phone knows what became of a push. */
export const SENT_EXPLANATIONS: Readonly<Record<string, SentExplanation>> = {
  apns: {
    cause:
      'Apple has accepted the push; from here on only the phone knows. It shows nothing if notifications or the focus mode are set so, if it is offline, or if the push has no alert (`content-available` pushes have a low priority, are throttled, and do not reach an app that was force-quit).',
    fix: 'Check the notification settings of the app on the phone, its connection and focus mode, and that `notificationInPayload.ios` is on. In the sandbox environment, look the trace id up in Apple’s Push Notifications Console.',
    link: APPLE,
  },
  'apns-voip': {
    cause:
      'Apple has accepted the VoIP push; from here on only the phone knows. It does not ring if the token belongs to a build of another environment, or if the app failed to report earlier VoIP pushes to CallKit: iOS then stops delivering them.',
    fix: 'Register the VoIP token of this very build, report every VoIP push to CallKit, and reinstall the app if iOS has stopped delivering them.',
    link: 'https://developer.apple.com/documentation/pushkit/responding-to-voip-notifications-from-pushkit',
  },
  fcm: {
    cause:
      'Google has accepted the push; from here on only the phone knows. With `notificationInPayload` off the push is data only, and the app itself must build what is shown. Android shows nothing for an app that was force-stopped, and delays pushes while the phone saves power.',
    fix: 'Check that the app handles data messages or set `notificationInPayload`, check the notification settings of the app, and exempt the app from power saving.',
    link: 'https://firebase.google.com/docs/cloud-messaging/understand-delivery',
  },
  hms: {
    cause:
      'Huawei has accepted the push; from here on only the phone knows. Huawei shows at most a few pushes a day of a category that is not approved.',
    fix: 'Apply for the category of your messages (`category`), and look the request id up in Huawei’s message analysis within three days.',
    link: 'https://developer.huawei.com/consumer/en/doc/harmonyos-guides/push-message-analysis/',
  },
  webpush: {
    cause:
      'The push service has accepted the push; the browser gets it when it runs and is online. Nothing is shown if the site may no longer show notifications or the service worker shows none.',
    fix: 'Check the permission of the site, the notification settings of the system, and the `push` handler of the service worker.',
    link: 'https://developer.mozilla.org/docs/Web/API/Push_API',
  },
  expo: {
    cause:
      'Expo has accepted the push and passes it on to Apple or Google; the gateway does not see what they answer.',
    fix: 'Look the ticket id up in Expo’s push tool, and check the credentials of the app at Expo.',
    link: 'https://docs.expo.dev/push-notifications/faq/',
  },
};
