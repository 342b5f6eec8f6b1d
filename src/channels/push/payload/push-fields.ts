import { callActionOf, type NotificationDetails } from '../../../domain/event.js';
import { sentAtMs } from '../../../domain/sent-at.js';
import { COMETCHAT_FIELDS } from '../../../platform/config/push-field-names.js';
import type { PushContext } from './push-context.js';

/** A text; an object or a list where the event has one. */
export type FieldValue = string | object;
/** The fields of an event, flat, none of them null or empty. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** Fields that are objects for Apple's devices and JSON text elsewhere; CometChat gives them in either form. */
const OBJECT_FIELDS = new Set<string>(['message', 'custom']);
const TEXT_FIELDS = new Set<string>(COMETCHAT_FIELDS.filter((key) => !OBJECT_FIELDS.has(key)));
const LONE_SURROGATE = /\p{Surrogate}/gu;
const ESCAPED_SURROGATE = /\\ud[89a-f]/;

/**
 * The fields of an event as CometChat's apps read them, and the app's own custom JSON beside them.
 *
 * Null, undefined and empty text are left out: an app that parses `sentAt` as a number fails on an empty one.
 * Numbers and switches become text; `message` and `custom` become objects where they are the JSON text of one. The time
 * is in milliseconds, whatever its unit was. A call always has one, since Flutter's app parses it unasked: one that
 * names none counts from its receipt. Apps know `cancelled` alone of the two spellings. Half a surrogate pair, as is
 * left where a text was cut within an emoji, is replaced, because it has no UTF-8.
 */
export function pushFields(
  details: NotificationDetails,
  { receivedAt, settings, options }: Pick<PushContext, 'receivedAt' | 'settings' | 'options'>,
): Fields {
  // Later entries win: nothing of the app's own JSON replaces a field of the event, but for title and body.
  const { title, body, data = {} } = options;
  const texts = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
  const entries = [settings.customJson, data, details, texts].flatMap((part) => Object.entries(part));
  const fields = Object.fromEntries(
    entries.flatMap(([key, value]): [string, FieldValue][] => {
      const clean = fieldValue(key, value);
      return clean === undefined || key === '' ? [] : [[wellFormed(key), clean]];
    }),
  );
  const { sentAt, ...rest } = fields;
  const isCall = details.type === 'call';
  const at = sentAtMs(sentAt) ?? (isCall ? receivedAt.getTime() : undefined);
  const action = isCall ? callActionOf(details) : undefined;
  return {
    ...rest,
    ...(at === undefined ? {} : { sentAt: String(at) }),
    ...(action && rest['callAction'] === details.callAction ? { callAction: action } : {}),
  };
}

/** The fields as texts alone: objects become JSON text. */
export function asTexts(fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** A field that is a text, or nothing. */
export function textOf(fields: Fields, key: string): string {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return typeof value === 'string' ? value : '';
}

/** `unreadMessageCount` as a number for an app's icon; undefined where it is none that iOS could show. */
export function badgeOf(fields: Fields): number | undefined {
  const text = textOf(fields, 'unreadMessageCount');
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function fieldValue(key: string, value: unknown): FieldValue | undefined {
  if (typeof value === 'string') {
    return (OBJECT_FIELDS.has(key) ? parsed(value) : undefined) ?? (wellFormed(value) || undefined);
  }
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  // Apps cast these to text, some of them by force.
  return TEXT_FIELDS.has(key) ? JSON.stringify(wellFormedJson(value)) : wellFormedJson(value);
}

/** The object that a text is the JSON of; undefined where it is not. */
function parsed(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return wellFormedJson(JSON.parse(text) as object);
  } catch {
    return undefined;
  }
}

function wellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, '\ufffd');
}

function wellFormedJson(value: object): object {
  // JSON text escapes what has no UTF-8; only where something looks like that is the whole object walked.
  return ESCAPED_SURROGATE.test(JSON.stringify(value)) ? (mapTexts(value) as object) : value;
}

function mapTexts(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value);
  if (Array.isArray(value)) return value.map(mapTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [wellFormed(key), mapTexts(inner)]));
}
