import { FCM_RESERVED } from '../../../platform/config/push-field-names.js';
import { applePush } from './apple.js';
import { fit } from './fit.js';
import {
  collapseKeyOf,
  isShownBySystem,
  keptUntil,
  kindOf,
  priorityOf,
  secondsUntil,
  shownFor,
  type PushType,
  type Shown,
} from './push-type.js';
import type { BuiltPush, PushContext } from './push-context.js';
import { asTexts, textOf, type Fields } from './push-fields.js';

/**
 * Maximum bytes of a message: the keys and values of its data and of its notification block.
 * https://firebase.google.com/docs/cloud-messaging/customize-messages/set-message-type
 */
const FCM_LIMIT = 4_096;
/** https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages#AndroidConfig: four weeks. */
const FCM_MAX_TTL_S = 2_419_200;
/** The alert limit of APNs, and the bytes that FCM adds: ids of the message, the sender and the app. */
const APNS_LIMIT = 4_096;
const FCM_RELAY_BYTES = 256;

type Family = 'android' | 'ios' | 'web';
interface FcmPayload extends Readonly<Record<string, unknown>> {
  readonly data: Readonly<Record<string, string>>;
}

/**
 * The FCM message for one device, without its token.
 *
 * A data message of high priority: CometChat's apps build their notifications from the flat fields that its built-in
 * provider sends, and must act immediately when a call begins or ends. There is no `collapse_key`: FCM throttles
 * collapsible messages to bursts of 20 and then one every three minutes per app and device, and stores only four keys for
 * an offline device, so that a chat would lose messages.
 * https://firebase.google.com/docs/cloud-messaging/throttling-and-quotas
 */
export function fcmMessage(
  fields: Fields,
  pushType: PushType,
  platform: string,
  context: PushContext,
): BuiltPush {
  const family = familyOf(platform);
  const ttlS = secondsUntil(keptUntil(pushType, context), context.now, FCM_MAX_TTL_S);
  const priority = priorityOf(pushType, context);
  const mayShow = isShownBySystem(family, pushType, fields, context);
  const build = (rest: Fields): FcmPayload => {
    const data = Object.fromEntries(Object.entries(asTexts(rest)).filter(([key]) => !FCM_RESERVED.test(key)));
    switch (family) {
      case 'ios': {
        const { headers, aps } = applePush(rest, pushType, context, mayShow);
        return { data, apns: { headers, payload: { aps } } };
      }
      case 'web': {
        const shown = mayShow ? shownFor(pushType, rest, context) : undefined;
        // As in Web Push.
        const headers = { TTL: String(ttlS), Urgency: priority };
        return {
          data,
          webpush: {
            headers,
            ...(shown ? { notification: webNotification(shown, rest, pushType, context) } : {}),
          },
        };
      }
      case 'android': {
        const shown = mayShow ? shownFor(pushType, rest, context) : undefined;
        const notification = shown && androidNotification(shown, rest, pushType, context);
        return {
          data,
          android: {
            priority: priority.toUpperCase(),
            ttl: `${ttlS}s`,
            ...(notification ? { notification } : {}),
          },
        };
      }
    }
  };
  const sizeOf = family === 'ios' ? sizeForApple : sizeForFcm;
  return { ...fit(fields, { build, sizeOf, limit: FCM_LIMIT }), headers: {} };
}

function familyOf(platform: string): Family {
  if (/^fcm_(.+_)?ios$/.test(platform)) return 'ios';
  return platform === 'fcm_web' ? 'web' : 'android';
}

/** The notification that service workers pass to `showNotification`. */
export function webNotification(
  { title, body }: Shown,
  fields: Fields,
  pushType: PushType,
  context: PushContext,
): Record<string, string> {
  const icon = textOf(fields, 'senderAvatar');
  const tag = collapseKeyOf(pushType, fields, context);
  return { title, body, ...(icon === '' ? {} : { icon }), ...(tag === '' ? {} : { tag }) };
}

function androidNotification(
  { title, body, sound }: Shown,
  fields: Fields,
  pushType: PushType,
  context: PushContext,
): Record<string, string> {
  const channel = context.settings.androidChannelId[kindOf(pushType)];
  const tag = collapseKeyOf(pushType, fields, context);
  return {
    title,
    body,
    ...(channel === undefined ? {} : { channel_id: channel }),
    // An edited message replaces the notification shown before.
    ...(tag === '' ? {} : { tag }),
    ...(sound === undefined ? {} : { sound }),
  };
}

function sizeForFcm({ data, android, webpush }: FcmPayload): number {
  const block = [android, webpush].map(
    (config) => (config as { notification?: object } | undefined)?.notification,
  );
  return bytesOf(data) + block.reduce((sum, shown) => sum + bytesOf((shown ?? {}) as typeof data), 0);
}

/** FCM relays the data to an Apple device as JSON beside `aps`, in a push that APNs limits as well. */
function sizeForApple({ data, apns }: FcmPayload): number {
  const { aps } = (apns as { payload: { aps: object } }).payload;
  const relayed = Buffer.byteLength(JSON.stringify({ ...data, aps })) + FCM_RELAY_BYTES;
  return Math.max(bytesOf(data), relayed - APNS_LIMIT + FCM_LIMIT);
}

function bytesOf(strings: Readonly<Record<string, string>>): number {
  return Object.entries(strings).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
}
