import { fit } from './fit.js';
import { jsonBytes } from './json-bytes.js';
import {
  epochSeconds,
  isShownBySystem,
  keptUntil,
  kindOf,
  priorityOf,
  shownFor,
  type PushType,
} from './push-type.js';
import type { BuiltPush, PushContext } from './push-context.js';
import { asTexts, badgeOf, type Fields } from './push-fields.js';

/** FCM and APNs accept 4,096 bytes from Expo, including the ids of the app and its project that it adds. */
const EXPO_LIMIT = 4_096 - 256;

/**
 * The message for Expo's push service, without `to`. The data is flat and all strings, as for FCM, because the same
 * JavaScript reads it on both systems. It sets `expiration`, since `ttl` would count from when Expo accepts the message.
 * https://docs.expo.dev/push-notifications/sending-notifications/#message-request-format
 */
export function expoMessage(fields: Fields, pushType: PushType, context: PushContext): BuiltPush {
  const kind = kindOf(pushType);
  const { settings } = context;
  const mayShow = isShownBySystem('expo', pushType, fields, context);
  const expiration = epochSeconds(keptUntil(pushType, context));
  const build = (rest: Fields): Record<string, unknown> => {
    const shown = mayShow ? shownFor(pushType, rest, context) : undefined;
    const data = asTexts(rest);
    // The device may be Apple's, where a push that shows nothing must not have a high priority.
    if (!shown) return { data, expiration, priority: 'normal', _contentAvailable: true };
    const badge = badgeOf(rest);
    const channelId = settings.androidChannelId[kind];
    const categoryId = pushType === 'message' ? settings.iosCategory : undefined;
    return {
      ...(shown.title === '' ? {} : { title: shown.title }),
      ...(shown.body === '' ? {} : { body: shown.body }),
      data,
      expiration,
      priority: priorityOf(pushType, context),
      ...(shown.sound === undefined ? {} : { sound: shown.sound }),
      ...(badge === undefined ? {} : { badge }),
      ...(channelId === undefined ? {} : { channelId }),
      ...(categoryId === undefined ? {} : { categoryId }),
      mutableContent: true,
    };
  };
  return { ...fit(fields, { build, sizeOf: jsonBytes, limit: EXPO_LIMIT }), headers: {} };
}
