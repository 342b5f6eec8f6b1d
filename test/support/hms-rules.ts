/** The `message` of a `messages:send`. */
export type HmsMessage = Readonly<Record<string, unknown>>;

const LIMIT = 4_096;
const FIFTEEN_DAYS_S = 1_296_000;
const isObject = (value: unknown): value is HmsMessage =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const within = (value: HmsMessage, known: readonly string[]): boolean =>
  Object.keys(value).every((key) => known.includes(key));

const MESSAGE_FIELDS = ['data', 'notification', 'android', 'token', 'topic', 'condition'];
const ANDROID_FIELDS = [
  'collapse_key',
  'urgency',
  'category',
  'ttl',
  'bi_tag',
  'receipt_id',
  'fast_app_target',
  'data',
  'notification',
];
const NOTIFICATION_FIELDS = [
  'title',
  'body',
  'icon',
  'color',
  'sound',
  'default_sound',
  'tag',
  'click_action',
  'channel_id',
  'importance',
  'badge',
  'image',
  'style',
  'notify_id',
  'foreground_show',
];

/** The body of a `messages:send`; undefined for one with other fields. `validate_only` sends no message. */
export function hmsRequestOf(
  body: unknown,
): { readonly message: unknown; readonly validate_only?: boolean } | undefined {
  if (!isObject(body) || !within(body, ['validate_only', 'message'])) return undefined;
  const { message, validate_only: only } = body;
  if (only === undefined) return { message };
  return typeof only === 'boolean' ? { message, validate_only: only } : undefined;
}

/**
 * The error code of Push Kit for an invalid request; undefined for a valid one.
 * https://developer.huawei.com/consumer/en/doc/HMS-References/push-sendapi
 */
export function objectionToHms(message: unknown, body: string): string | undefined {
  if (!isObject(message) || !within(message, MESSAGE_FIELDS)) return '80100003';
  const { token, data, android } = message;
  if (!Array.isArray(token) || token.length === 0 || !token.every((each) => typeof each === 'string'))
    return '80100001';
  if (data !== undefined && typeof data !== 'string') return '80100003';
  const size = Buffer.byteLength(body) - Buffer.byteLength(token.join(''));
  if (size > LIMIT) return '80300008';
  return android === undefined ? undefined : objectionToAndroid(android);
}

function objectionToAndroid(android: unknown): string | undefined {
  if (!isObject(android) || !within(android, ANDROID_FIELDS)) return '80100003';
  const { collapse_key: key, urgency, ttl, notification } = android;
  if (key !== undefined && !(Number.isInteger(key) && Number(key) >= -1 && Number(key) <= 100))
    return '80100013';
  if (urgency !== undefined && urgency !== 'HIGH' && urgency !== 'NORMAL') return '80100003';
  const seconds = /^(\d+)s$/.exec(String(ttl))?.[1];
  if (ttl !== undefined && (seconds === undefined || Number(seconds) > FIFTEEN_DAYS_S)) return '80100004';
  if (notification === undefined) return undefined;
  if (!isObject(notification) || !within(notification, NOTIFICATION_FIELDS)) return '80100003';
  const { title, body, click_action: click } = notification;
  const isComplete = [title, body].every((text) => typeof text === 'string' && text !== '');
  return isComplete && isObject(click) && typeof click['type'] === 'number' ? undefined : '80100003';
}
