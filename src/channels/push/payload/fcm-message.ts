import type { PushContent } from '../../../domain/event.js';
import { fit, type Fitted } from './fit.js';
import { flatDetails } from './flat-details.js';

/**
 * Most that the data of one message may hold, keys and values together.
 * https://firebase.google.com/docs/cloud-messaging/customize-messages/set-message-type
 */
const FCM_DATA_LIMIT = 4_096;
/** https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages#AndroidConfig: four weeks. */
const FCM_MAX_TTL_S = 2_419_200;
/** Keys that FCM keeps for itself: it refuses a message that uses one. */
const RESERVED = /^(from|message_type|collapse_key)$|^(google|gcm)/i;

export type FcmPayload = Readonly<Record<string, unknown>>;

/**
 * The FCM message for one device, without its token.
 *
 * It is a data message of high priority, because CometChat's apps build what they show by themselves, from the flat
 * fields that its built-in provider sends. Apple's devices behind FCM show nothing for such a message, so they get
 * an alert, too, which an extension of the app may still change (`mutable-content`); browsers get their headers.
 *
 * @param ttlMs what is left of the delivery's lifetime: FCM keeps the message no longer for a device that is away.
 */
export function fcmMessage(content: PushContent, platform: string, ttlMs: number): Fitted<FcmPayload> {
  const flat = Object.fromEntries(
    Object.entries(flatDetails(content.notificationDetails)).filter(([key]) => !RESERVED.test(key)),
  );
  const ttlS = Math.min(FCM_MAX_TTL_S, Math.max(0, Math.floor(ttlMs / 1_000)));
  const build = (data: Readonly<Record<string, string>>): FcmPayload => ({
    data,
    android: { priority: 'HIGH', ttl: `${ttlS}s` },
    ...(isApple(platform) ? { apns: appleBlock(data, ttlS) } : {}),
    ...(platform === 'fcm_web' ? { webpush: { headers: { TTL: String(ttlS), Urgency: 'high' } } } : {}),
  });
  return fit(flat, build, ({ data }) => sizeOf(data as Record<string, string>), FCM_DATA_LIMIT);
}

const isApple = (platform: string): boolean => /^fcm_(.+_)?ios$/.test(platform);

function appleBlock(data: Readonly<Record<string, string>>, ttlS: number): FcmPayload {
  const badge = Number(data['unreadMessageCount']);
  return {
    headers: {
      'apns-priority': '10',
      'apns-push-type': 'alert',
      'apns-expiration': String(Math.floor(Date.now() / 1_000) + ttlS),
    },
    payload: {
      aps: {
        alert: { title: data['title'] ?? '', body: data['body'] ?? '' },
        sound: 'default',
        'mutable-content': 1,
        ...(Number.isInteger(badge) ? { badge } : {}),
      },
    },
  };
}

function sizeOf(data: Readonly<Record<string, string>>): number {
  return Object.entries(data).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
}
