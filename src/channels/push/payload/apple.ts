import {
  collapseKeyOf,
  epochSeconds,
  keptUntil,
  priorityOf,
  shownFor,
  type PushType,
  type Shown,
} from './push-type.js';
import type { PushContext } from './push-context.js';
import { badgeOf, textOf, type Fields } from './push-fields.js';
import { shortId } from './short-id.js';

/** The APNs headers and `aps` of a push, sent directly or through FCM. */
export interface ApplePush {
  readonly headers: Readonly<Record<string, string>>;
  readonly aps: Readonly<Record<string, unknown>>;
}

/**
 * An alert, or a background push if nothing is shown: Apple requires priority 5 and no visible or audible content for it.
 * https://developer.apple.com/documentation/usernotifications/pushing-background-updates-to-your-app
 *
 * @param mayShow false: the app's code shows the push.
 */
export function applePush(
  fields: Fields,
  pushType: PushType,
  context: PushContext,
  mayShow = true,
): ApplePush {
  const expiration = String(epochSeconds(keptUntil(pushType, context)));
  const shown = mayShow ? shownFor(pushType, fields, context) : undefined;
  if (!shown) {
    return {
      headers: { 'apns-push-type': 'background', 'apns-priority': '5', 'apns-expiration': expiration },
      aps: { 'content-available': 1 },
    };
  }
  // A later state of the same message, or of the same call, replaces the earlier one.
  const collapse = collapseKeyOf(pushType, fields, context);
  return {
    headers: {
      'apns-push-type': 'alert',
      'apns-priority': priorityOf(pushType, context) === 'high' ? '10' : '5',
      'apns-expiration': expiration,
      ...(collapse === '' ? {} : { 'apns-collapse-id': shortId(collapse) }),
    },
    aps: alertAps(shown, fields, pushType, context),
  };
}

function alertAps(
  { title, body, sound }: Shown,
  fields: Fields,
  pushType: PushType,
  { settings: { iosCategory } }: PushContext,
): Record<string, unknown> {
  const badge = badgeOf(fields);
  const thread = textOf(fields, 'conversationId');
  return {
    alert: { ...(title === '' ? {} : { title }), ...(body === '' ? {} : { body }) },
    ...(sound === undefined ? {} : { sound }),
    ...(badge === undefined ? {} : { badge }),
    // CometChat's extension marks the message as delivered and fetches the avatar; its app wakes up to process it.
    'mutable-content': 1,
    'content-available': 1,
    ...(thread === '' ? {} : { 'thread-id': shortId(thread) }),
    ...(pushType === 'message' && iosCategory !== undefined ? { category: iosCategory } : {}),
  };
}
