import { callActionOf, type NotificationDetails } from '../../../domain/event.js';
import { sentAtMs } from '../../../domain/sent-at.js';
import { COMETCHAT_FIELDS } from '../../../platform/config/push-field-names.js';
import type { PushContext } from './push-context.js';

/** A string, or the object or list of the event. */
export type FieldValue = string | object;
/** The flat fields of an event, none of them null or empty. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** Fields that are objects for Apple devices and JSON text elsewhere; CometChat sends either form. */
const OBJECT_FIELDS = new Set<string>(['message', 'custom']);
const STRING_FIELDS = new Set<string>(COMETCHAT_FIELDS.filter((key) => !OBJECT_FIELDS.has(key)));
const LONE_SURROGATE = /\p{Surrogate}/gu;
const ESCAPED_SURROGATE = /\\ud[89a-f]/;

/**
 * The fields of an event as CometChat's apps read them, with the app's custom JSON.
 *
 * - Null, undefined and empty strings are omitted: an app that parses `sentAt` as a number fails on an empty one.
 * - Numbers and booleans become strings; `message` and `custom` become objects if they are JSON text of one.
 * - `sentAt` is in milliseconds. A call always has one, since the Flutter app always parses it; it defaults to
 *   `receivedAt`.
 * - `canceled` becomes `cancelled`, the only spelling that apps know.
 * - A lone surrogate, left by text cut within an emoji, is replaced because it has no UTF-8 encoding.
 */
export function pushFields(
  details: NotificationDetails,
  { receivedAt, settings, options }: Pick<PushContext, 'receivedAt' | 'settings' | 'options'>,
): Fields {
  // Later entries win: of the app's additions, only title and body replace event fields.
  const { title, body, data = {} } = options;
  const overrides = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
  const entries = [settings.customJson, data, details, overrides].flatMap((part) => Object.entries(part));
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

/** All fields as strings; objects become JSON text. */
export function asTexts(fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** The field if it is a string, otherwise empty. */
export function textOf(fields: Fields, key: string): string {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return typeof value === 'string' ? value : '';
}

/** `unreadMessageCount` as a number for the app icon; undefined if iOS could not show it. */
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
  // Apps cast these to strings, some without a check.
  return STRING_FIELDS.has(key) ? JSON.stringify(wellFormedJson(value)) : wellFormedJson(value);
}

/** @returns undefined if the text is not JSON of an object. */
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
  // JSON escapes lone surrogates; the object is walked only if it may contain one.
  return ESCAPED_SURROGATE.test(JSON.stringify(value)) ? (wellFormedDeep(value) as object) : value;
}

function wellFormedDeep(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value);
  if (Array.isArray(value)) return value.map(wellFormedDeep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [wellFormed(key), wellFormedDeep(inner)]),
  );
}
