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
 * Push services need not take more than 4,096 bytes; of those the encryption takes 86 for its header, 16 for its tag
 * and one for the delimiter: https://www.rfc-editor.org/rfc/rfc8291#section-4
 */
const PLAINTEXT_LIMIT = 3_993;
/** Four weeks, beyond which push services cut it: https://www.rfc-editor.org/rfc/rfc8030#section-5.2 */
const MAX_TTL_S = 2_419_200;

/**
 * The push for a browser, to be encrypted by the provider.
 *
 * CometChat's service worker gets its pushes from FCM and reads the flat fields under `data`, so they are there in the
 * same form; title and body are at the top, too, where workers written for plain Web Push look for them.
 *
 * Its urgency is high for messages, too: below that, browsers on a sleeping phone may get it minutes later. A later
 * state of the same message or call replaces an earlier one that still waits for the browser, by `topic`.
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
  // The ids of messages and of reactions are numbers both: the conversation and the kind tell some of them apart.
  return id === '' ? undefined : topicOf(kind, textOf(fields, 'conversationId'), id);
}
