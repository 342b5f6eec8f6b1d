/**
 * Platforms whose alert tokens may belong to a phone with a VoIP token: Apple's own, and iOS apps that use FCM or
 * Expo. An alert token and a VoIP token of one session are on the same iPhone.
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
