import { fit } from './fit.js';
import { jsonBytes } from './json-bytes.js';
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
import { asTexts, type Fields } from './push-fields.js';

/**
 * Limit of the request's body without the token: https://developer.huawei.com/consumer/en/doc/HMS-References/push-sendapi
 * The wrapper of the message (`{"message":{…,"token":[""]}}`) counts as well.
 */
const HMS_LIMIT = 4_096 - 64;
/** Fifteen days. */
const HMS_MAX_TTL_S = 1_296_000;
/** Stores every push for an offline phone, not just the newest. */
const KEEP_ALL = -1;
/** A tap opens the app. */
const OPEN_APP = 3;

/**
 * The message for Huawei's Push Kit, without its token: a data message of high urgency whose data is a JSON string of the
 * same flat fields as FCM's data, so that an app reads both alike. A notification block makes the system show it; the app
 * then gets the data on a tap.
 */
export function hmsMessage(fields: Fields, pushType: PushType, context: PushContext): BuiltPush {
  const kind = kindOf(pushType);
  const { settings } = context;
  const mayShow = isShownBySystem('android', pushType, fields, context);
  const ttlS = secondsUntil(keptUntil(pushType, context), context.now, HMS_MAX_TTL_S);
  const category = settings.huaweiCategory[kind];
  const build = (rest: Fields): Record<string, unknown> => {
    const shown = mayShow ? shownFor(pushType, rest, context) : undefined;
    return {
      data: JSON.stringify(asTexts(rest)),
      android: {
        urgency: priorityOf(pushType, context).toUpperCase(),
        ttl: `${ttlS}s`,
        collapse_key: KEEP_ALL,
        ...(category === undefined ? {} : { category }),
        ...(shown
          ? {
              notification: hmsNotification(
                shown,
                collapseKeyOf(pushType, rest, context),
                settings.androidChannelId[kind],
              ),
            }
          : {}),
      },
    };
  };
  return { ...fit(fields, { build, sizeOf: jsonBytes, limit: HMS_LIMIT }), headers: {} };
}

function hmsNotification(
  { title, body, sound }: Shown,
  tag: string,
  channel: string | undefined,
): Record<string, unknown> {
  return {
    // Huawei refuses a notification without title or body.
    title: title || body,
    body: body || title,
    click_action: { type: OPEN_APP },
    ...(sound === undefined
      ? {}
      : sound === 'default'
        ? { default_sound: true }
        : { sound: `/raw/${sound}` }),
    ...(channel === undefined ? {} : { channel_id: channel }),
    ...(tag === '' ? {} : { tag }),
  };
}
