import { v5 } from 'uuid';
import { applePush } from './apple.js';
import { fit } from './fit.js';
import { jsonBytes } from './json-bytes.js';
import { epochSeconds, keptUntil, type PushType } from './push-type.js';
import type { BuiltPush, PushContext } from './push-context.js';
import { textOf, type Fields } from './push-fields.js';

/** https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification, bytes of JSON. */
const APNS_LIMIT = 4_096;
const VOIP_LIMIT = 5_120;

/** Where CometChat's iOS sample lacks one of these as a text, it reports no call, and iOS ends the app for it. */
const VOIP_TEXTS = [
  'sender',
  'senderName',
  'body',
  'callAction',
  'receiver',
  'type',
  'callType',
  'sessionId',
  'conversationId',
] as const;
/** Makes the ids of calls ours: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5 */
const CALL_NAMESPACE = '6e4c1f8a-52d3-4b7e-9a06-d1c8f3b7250e';

/**
 * The push for an Apple device. The event's fields lie beside `aps`, all of them texts but for `message`, `custom` and
 * whatever else is an object; the badge is a number in `aps` and, as `unreadMessageCount`, a text at the root.
 */
export function apnsPush(fields: Fields, pushType: PushType, context: PushContext): BuiltPush {
  const build = (rest: Fields): Record<string, unknown> => ({
    ...rest,
    aps: applePush(rest, pushType, context).aps,
  });
  const fitted = fit(fields, { build, sizeOf: jsonBytes, limit: APNS_LIMIT });
  return { ...fitted, headers: applePush(fields, pushType, context).headers };
}

/**
 * The push that makes an iPhone ring through CallKit.
 *
 * @remarks Its `uuid` is the same for every push of a call, so that the end of a call finds the ring that it ends.
 */
export function apnsVoipPush(fields: Fields, pushType: PushType, context: PushContext): BuiltPush {
  const build = (rest: Fields): Record<string, unknown> => {
    const sessionId = textOf(rest, 'sessionId');
    return {
      ...rest,
      ...Object.fromEntries(VOIP_TEXTS.map((key) => [key, textOf(rest, key)])),
      // What React Native's apps read in place of `sessionId`, `senderName` and `sender`.
      ...(sessionId === '' ? {} : { uuid: callUuid(context.appId, sessionId) }),
      callerName: textOf(rest, 'senderName') || textOf(rest, 'sender'),
      handle: textOf(rest, 'sender'),
      aps: {},
    };
  };
  return {
    ...fit(fields, { build, sizeOf: jsonBytes, limit: VOIP_LIMIT }),
    headers: {
      'apns-push-type': 'voip',
      'apns-priority': '10',
      'apns-expiration': String(epochSeconds(keptUntil(pushType, context))),
    },
  };
}

/** The id of a call as CallKit wants it, the same wherever and whenever it is made. */
export function callUuid(appId: string, sessionId: string): string {
  return v5(`${appId} ${sessionId}`, CALL_NAMESPACE);
}
