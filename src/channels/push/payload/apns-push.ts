import { v5 } from 'uuid';
import { applePush } from './apple.js';
import { fit } from './fit.js';
import { jsonBytes } from './json-bytes.js';
import { epochSeconds, keptUntil, type PushType } from './push-type.js';
import type { BuiltPush, PushContext } from './push-context.js';
import { textOf, type Fields } from './push-fields.js';

/** https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification, in bytes of JSON. */
const APNS_LIMIT = 4_096;
const VOIP_LIMIT = 5_120;

/** If one of these is not a string, CometChat's iOS sample reports no call, and iOS terminates the app. */
const VOIP_STRINGS = [
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
/** Namespace of call ids: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5 */
const CALL_NAMESPACE = '6e4c1f8a-52d3-4b7e-9a06-d1c8f3b7250e';

/**
 * The push for an Apple device. The event's fields are beside `aps`, all strings except `message`, `custom` and other
 * objects; the badge is a number in `aps` and, as `unreadMessageCount`, a string at the root.
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
 * The push that makes an iPhone ring through CallKit. All pushes of a call have the same `uuid`, which lets the end of a
 * call find its ring.
 */
export function apnsVoipPush(fields: Fields, pushType: PushType, context: PushContext): BuiltPush {
  const build = (rest: Fields): Record<string, unknown> => {
    const sessionId = textOf(rest, 'sessionId');
    return {
      ...rest,
      ...Object.fromEntries(VOIP_STRINGS.map((key) => [key, textOf(rest, key)])),
      // React Native apps read these instead of `sessionId`, `senderName` and `sender`.
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

/** A deterministic call id for CallKit. */
export function callUuid(appId: string, sessionId: string): string {
  return v5(`${appId} ${sessionId}`, CALL_NAMESPACE);
}
