/**
 * Platforms whose tokens show alerts on a phone that can have a VoIP token as well: Apple's own, and those of iOS apps
 * that get their messages by FCM or Expo. With a VoIP token in the same session, both are of one iPhone.
 */
export const ALERTS_BESIDE_VOIP: readonly string[] = [
  'apns_ios_device',
  'apns_flutter_device',
  'apns_react_native_device',
  'apns_ionic_cordova_device',
  'fcm_ios',
  'fcm_flutter_ios',
  'fcm_react_native_ios',
  'fcm_ionic_cordova_ios',
  'expo',
];
