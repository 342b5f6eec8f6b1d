import { webNotification } from './fcm-message.js';
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
} from './push-type.js';
import type { BuiltPush, PushContext } from './push-context.js';
import { asTexts, textOf, type Fields } from './push-fields.js';
import { topicOf } from './short-id.js';

/**
 * Push services must accept only 4,096 bytes, of which the encryption takes 86 for its header, 16 for its tag and one for
 * the delimiter: https://www.rfc-editor.org/rfc/rfc8291#section-4
 */
const PLAINTEXT_LIMIT = 3_993;
/** Four weeks; push services reduce a longer TTL: https://www.rfc-editor.org/rfc/rfc8030#section-5.2 */
const MAX_TTL_S = 2_419_200;

/**
 * The push for a browser, which the provider encrypts.
 *
 * The flat fields are under `data`, where CometChat's service worker reads them from FCM pushes; title and body are also
 * at the root, where service workers for plain Web Push expect them.
 *
 * Urgency is high for messages as well: with a lower one, a browser on a sleeping phone may get it minutes later. By
 * `topic`, a later state of a message or call replaces an earlier one that the push service still stores.
 */
export function webPushMessage(fields: Fields, pushType: PushType, context: PushContext): BuiltPush {
  const mayShow = isShownBySystem('web', pushType, fields, context);
  const build = (rest: Fields): Record<string, unknown> => {
    const shown = mayShow ? shownFor(pushType, rest, context) : undefined;
    return {
      title: textOf(rest, 'title'),
      body: textOf(rest, 'body'),
      ...(shown ? { notification: webNotification(shown, rest, pushType, context) } : {}),
      data: asTexts(rest),
    };
  };
  const topic = topicFor(fields, pushType, context);
  return {
    ...fit(fields, { build, sizeOf: jsonBytes, limit: PLAINTEXT_LIMIT }),
    headers: {
      ttl: String(secondsUntil(keptUntil(pushType, context), context.now, MAX_TTL_S)),
      urgency: priorityOf(pushType, context),
      ...(topic === undefined ? {} : { topic }),
    },
  };
}

function topicFor(fields: Fields, pushType: PushType, context: PushContext): string | undefined {
  const kind = kindOf(pushType);
  const id = collapseKeyOf(pushType, fields, context);
  // Ids of messages and reactions may be equal numbers; conversation and kind distinguish some of them.
  return id === '' ? undefined : topicOf(kind, textOf(fields, 'conversationId'), id);
}
