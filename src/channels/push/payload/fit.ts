import { COMETCHAT_FIELDS } from '../../../platform/config/push-field-names.js';
import { CutText } from './cut-text.js';
import { jsonBytes } from './json-bytes.js';
import { textOf, type Fields } from './push-fields.js';

export interface Fitted<T> {
  readonly payload: T;
  /** Fields dropped or cut, in that order. */
  readonly dropped: readonly string[];
  /** Size as the vendor counts it, and its limit. */
  readonly bytes: number;
  readonly limitBytes: number;
}

/** Builds a vendor's push and limits its size. */
export interface Form<T> {
  readonly build: (fields: Fields) => T;
  /** Bytes as the vendor counts them. */
  readonly sizeOf: (payload: T) => number;
  readonly limit: number;
}

const KNOWN = new Set<string>(COMETCHAT_FIELDS);
/** Dropped last: without these an app cannot identify the event. */
const ESSENTIAL = new Set([
  'type',
  'callAction',
  'sessionId',
  'callType',
  'sender',
  'senderName',
  'receiver',
  'receiverType',
  'conversationId',
  'tag',
  'sentAt',
]);
/** Display names, which are cut before they are dropped. */
const NAMES = new Set(['title', 'senderName', 'receiverName']);
/** UTF-16 units kept of a long name, and of the body while other fields can be dropped. */
const KEPT_UNITS = 100;
const LOGGABLE = /^[\w.-]{1,64}$/;
const MAX_NAMES = 20;

/**
 * Makes a push fit its vendor's limit. Drops `message`, then `custom`, then fields unknown to CometChat's apps (largest
 * first), then the end of the body. This suffices for anything CometChat sends. If another field would leave almost none
 * of the body, the remaining fields are reduced, largest first: non-essential ones such as avatars are dropped, then names
 * are cut, then the rest is dropped. So the result always fits.
 *
 * A push that fits is built and measured only once.
 */
export function fit<T>(fields: Fields, form: Form<T>): Fitted<T> {
  const whole = form.build(fields);
  let over = form.sizeOf(whole) - form.limit;
  const limitBytes = form.limit;
  if (over <= 0) return { payload: whole, dropped: [], bytes: over + limitBytes, limitBytes };

  const dropped = new Set<string>();
  let rest = fields;
  const result = (payload: T): Fitted<T> => ({
    ...{ payload, dropped: loggable(dropped) },
    ...{ bytes: form.sizeOf(payload), limitBytes },
  });
  const drop = (keys: readonly string[]): Fitted<T> | undefined => {
    rest = without(rest, keys);
    for (const key of keys) dropped.add(key);
    const payload = form.build(rest);
    over = form.sizeOf(payload) - form.limit;
    return over <= 0 ? result(payload) : undefined;
  };
  for (const key of ['message', 'custom']) {
    const fitted = Object.hasOwn(rest, key) ? drop([key]) : undefined;
    if (fitted) return fitted;
  }
  const unknown = largestFirst(rest, (key) => !KNOWN.has(key));
  while (unknown.length > 0) {
    const fitted = drop(takeBytes(unknown, over));
    if (fitted) return fitted;
  }
  for (const shrink of [unchanged, ...lastResorts(rest)]) {
    const next = shrink.apply(rest);
    if (next !== rest) dropped.add(shrink.key);
    rest = next;
    const fitted = withLongestBody(rest, form, KEPT_UNITS);
    if (fitted?.isCut) dropped.add('body');
    if (fitted) return result(fitted.payload);
  }
  const { payload } = withLongestBody(rest, form, 0) ?? { payload: form.build(without(rest, ['body'])) };
  dropped.add('body');
  return result(payload);
}

/** Replaces unsafe field names for the ledger and the log: custom fields may have any name. */
function loggable(dropped: ReadonlySet<string>): string[] {
  const names = [...dropped].map((key) => (LOGGABLE.test(key) ? key : 'unnamed'));
  return [...new Set(names)].slice(0, MAX_NAMES);
}

interface Shrink {
  readonly key: string;
  /** Returns the same fields if it changes nothing. */
  readonly apply: (fields: Fields) => Fields;
}

const unchanged: Shrink = { key: '', apply: (fields) => fields };

const dropField = (key: string): Shrink => ({ key, apply: (rest) => without(rest, [key]) });

function lastResorts(fields: Fields): Shrink[] {
  const keys = (among: (key: string) => boolean): string[] =>
    largestFirst(fields, among).map(({ key }) => key);
  return [
    ...keys((key) => !ESSENTIAL.has(key) && !NAMES.has(key) && key !== 'body').map(dropField),
    ...keys((key) => NAMES.has(key)).map((key) => ({
      key,
      apply: (rest: Fields) => withShortName(rest, key),
    })),
    ...keys((key) => ESSENTIAL.has(key) || NAMES.has(key)).map(dropField),
  ];
}

interface SizedKey {
  readonly key: string;
  readonly bytes: number;
}

function largestFirst(fields: Fields, among: (key: string) => boolean): SizedKey[] {
  return Object.entries(fields)
    .filter(([key]) => among(key))
    .map(([key, value]) => ({ key, bytes: jsonBytes([key, value]) }))
    .sort((a, b) => b.bytes - a.bytes);
}

/** Removes entries from the front that total `bytes`; measuring after each would be slow for thousands of fields. */
function takeBytes(sized: SizedKey[], bytes: number): string[] {
  let taken = 0;
  let count = 0;
  for (; count < sized.length && taken < bytes; count += 1) taken += sized[count]?.bytes ?? 0;
  return sized.splice(0, Math.max(1, count)).map(({ key }) => key);
}

function without(fields: Fields, keys: readonly string[]): Fields {
  const gone = new Set(keys);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !gone.has(name)));
}

function withShortName(fields: Fields, key: string): Fields {
  const name = textOf(fields, key);
  if (name.length <= KEPT_UNITS) return fields;
  return { ...fields, [key]: new CutText(name, 2 * KEPT_UNITS).beginning(KEPT_UNITS) };
}

/**
 * The push with the longest body that fits.
 *
 * @param atLeast minimum length of the body in UTF-16 units, unless it is shorter.
 * @returns undefined if not even that fits.
 */
function withLongestBody<T>(
  fields: Fields,
  form: Form<T>,
  atLeast: number,
): { payload: T; isCut: boolean } | undefined {
  const text = textOf(fields, 'body');
  // Every UTF-16 unit takes at least one byte.
  if (text.length <= form.limit) {
    const whole = form.build(fields);
    if (form.sizeOf(whole) <= form.limit) return { payload: whole, isCut: false };
  }
  if (text.length <= atLeast) return undefined;

  // Text beyond the limit cannot fit. Nor can the last grapheme of the part, which may be cut in half, since the push is
  // larger than its body.
  const body = new CutText(text, form.limit);
  const cutAt = (units: number): T => form.build({ ...fields, body: body.beginning(units) });
  let best = cutAt(atLeast);
  if (form.sizeOf(best) > form.limit) return undefined;
  let fits = atLeast;
  let boundary = body.boundary(atLeast);
  let tooLong = body.length;
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    const next = body.boundary(middle);
    // Still within the last grapheme that fits.
    if (next === boundary) {
      fits = middle;
      continue;
    }
    const candidate = cutAt(middle);
    if (form.sizeOf(candidate) <= form.limit) {
      best = candidate;
      boundary = next;
      fits = middle;
    } else tooLong = next;
  }
  return { payload: best, isCut: true };
}
