import type { Transport } from '../../domain/notification.js';

/**
 * Transport of each platform: the 17 of CometChat's own token API
 * (https://www.cometchat.com/docs/rest-api/notifications-apis/push/register-push-token), browsers with Web Push, apps
 * with Expo's push service, and Huawei phones.
 */
export const TRANSPORT_OF = {
  fcm_android: 'fcm',
  fcm_ios: 'fcm',
  fcm_web: 'fcm',
  fcm_flutter_android: 'fcm',
  fcm_flutter_ios: 'fcm',
  fcm_react_native_android: 'fcm',
  fcm_react_native_ios: 'fcm',
  fcm_ionic_cordova_android: 'fcm',
  fcm_ionic_cordova_ios: 'fcm',
  apns_ios_device: 'apns',
  apns_flutter_device: 'apns',
  apns_react_native_device: 'apns',
  apns_ionic_cordova_device: 'apns',
  apns_ios_voip: 'apns-voip',
  apns_flutter_voip: 'apns-voip',
  apns_react_native_voip: 'apns-voip',
  apns_ionic_cordova_voip: 'apns-voip',
  web_push: 'webpush',
  expo: 'expo',
  hms_android: 'hms',
} as const satisfies Readonly<Record<string, Transport>>;

export type Platform = keyof typeof TRANSPORT_OF;
export const PLATFORMS = Object.keys(TRANSPORT_OF) as readonly Platform[];

/** The fields of a registration that may hold its token. */
export const TOKEN_FIELDS = ['fcmToken', 'deviceToken', 'voipToken', 'pushToken', 'subscription'] as const;
export type TokenField = (typeof TOKEN_FIELDS)[number];

/** The token field of each transport; a plain token may also be given as `pushToken`. */
export const TOKEN_FIELD_OF: Readonly<Record<Transport, TokenField>> = {
  fcm: 'fcmToken',
  apns: 'deviceToken',
  'apns-voip': 'voipToken',
  webpush: 'subscription',
  expo: 'pushToken',
  hms: 'pushToken',
};
