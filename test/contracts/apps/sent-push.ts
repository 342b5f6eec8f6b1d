import type { PushContext } from '../../../src/channels/push/payload/push-context.js';
import { pushPayload } from '../../../src/channels/push/payload/push-payload.js';
import type { NotificationDetails } from '../../../src/domain/event.js';
import type { PushPresentationSettings } from '../../../src/platform/config/push-presentation-settings.js';
import { TRANSPORT_OF, type Platform } from '../../../src/recipients/devices/platforms.js';
import { payloadNames } from '../../support/payloads.js';
import { documented, NOW, pushContext } from '../../support/push-context.js';

/** Every documented push. */
export const PUSHES = payloadNames.filter((name) => name.startsWith('push-'));
export const CALLS = PUSHES.filter((name) => name.startsWith('push-call-'));
export const CHATS = PUSHES.filter((name) => !CALLS.includes(name));

export interface Conditions extends Partial<PushContext> {
  readonly details?: NotificationDetails;
  readonly change?: (settings: PushPresentationSettings) => void;
}

/** The push for a documented payload with the current time, after a round trip through JSON. */
export function sent(
  name: string,
  platform: Platform,
  { details, change, ...context }: Conditions = {},
): { payload: Record<string, unknown>; headers: Readonly<Record<string, string>> } {
  const notificationDetails = { ...documented(name), sentAt: String(NOW.getTime()), ...details };
  const { payload, headers } = pushPayload(
    { to: { uid: 'cometchat-uid-2' }, notificationDetails },
    { transport: TRANSPORT_OF[platform], platform },
    pushContext(context, change),
  );
  return { payload: JSON.parse(JSON.stringify(payload)) as Record<string, unknown>, headers };
}

/** `RemoteMessage.getData()` of an Android app: a map of strings, from FCM or Huawei. */
export function androidData(payload: Readonly<Record<string, unknown>>): Map<string, string> {
  const { data } = payload;
  const entries = Object.entries((typeof data === 'string' ? JSON.parse(data) : data) as object);
  return new Map(entries.map(([key, value]) => [key, castToString(value, key)]));
}

/** `userInfo` of an iOS app for a push from FCM: the data beside `aps`. */
export function relayedByFcm(payload: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { data, apns } = payload as { data: object; apns: { payload: object } };
  return { ...data, ...apns.payload };
}

/** `x as! String`, `x!!`: the app crashes or shows nothing if the value is no string. */
export function castToString(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new TypeError(`${name} is no string`);
  return value;
}

/** A required string. */
export function required(data: ReadonlyMap<string, string>, key: string): string {
  return castToString(data.get(key), key);
}
