import { COMETCHAT_FIELDS } from '../../../platform/config/push-field-names.js';
import { CutText } from './cut-text.js';
import { jsonBytes } from './json-bytes.js';
import { textOf, type Fields } from './push-fields.js';

/** What had to go so that a push fits. */
export interface Fitted<T> {
  readonly payload: T;
  /** The fields that were left out or cut, in that order. */
  readonly dropped: readonly string[];
}

/** What a push must be: made from its fields, and no larger than its vendor takes. */
export interface Form<T> {
  readonly build: (fields: Fields) => T;
  /** In bytes, as the vendor counts. */
  readonly sizeOf: (payload: T) => number;
  readonly limit: number;
}

const KNOWN = new Set<string>(COMETCHAT_FIELDS);
/** Without these an app cannot tell what happened or where it belongs: they go last. */
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
/** Texts for people: of a very long one the beginning is better than nothing. */
const NAMES = new Set(['title', 'senderName', 'receiverName']);
/** What is kept of a name that is too long, and of the body while anything else can go; in UTF-16 units. */
const KEPT_UNITS = 100;
const LOGGABLE = /^[\w.-]{1,64}$/;
const MAX_NAMES = 20;

/**
 * Makes a push fit its vendor's limit. First goes `message`, then `custom`, then fields that CometChat's apps do not
 * know, the largest first, and then the end of the body. That suffices for whatever CometChat sends. Should some other
 * field be so large that hardly anything of the body were left, the largest of those go (avatars, then names are cut,
 * then the rest), so that whatever comes in, what goes out fits.
 *
 * A push that fits is built once and measured once.
 */
export function fit<T>(fields: Fields, form: Form<T>): Fitted<T> {
  const whole = form.build(fields);
  let over = form.sizeOf(whole) - form.limit;
  if (over <= 0) return { payload: whole, dropped: [] };

  const dropped = new Set<string>();
  let rest = fields;
  const drop = (keys: readonly string[]): Fitted<T> | undefined => {
    rest = without(rest, keys);
    for (const key of keys) dropped.add(key);
    const payload = form.build(rest);
    over = form.sizeOf(payload) - form.limit;
    return over <= 0 ? { payload, dropped: named(dropped) } : undefined;
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
    if (fitted) return { payload: fitted.payload, dropped: named(dropped) };
  }
  const { payload } = withLongestBody(rest, form, 0) ?? { payload: form.build(without(rest, ['body'])) };
  return { payload, dropped: named(dropped.add('body')) };
}

/** The fields in words that a table and a log may hold: what CometChat does not name may be called anything. */
function named(dropped: ReadonlySet<string>): string[] {
  const names = [...dropped].map((key) => (LOGGABLE.test(key) ? key : 'unnamed'));
  return [...new Set(names)].slice(0, MAX_NAMES);
}

interface Shrink {
  readonly key: string;
  /** The same fields where there is nothing to be gained. */
  readonly apply: (fields: Fields) => Fields;
}

const unchanged: Shrink = { key: '', apply: (fields) => fields };

const leaveOut = (key: string): Shrink => ({ key, apply: (rest) => without(rest, [key]) });

function lastResorts(fields: Fields): Shrink[] {
  const keys = (among: (key: string) => boolean): string[] =>
    largestFirst(fields, among).map(({ key }) => key);
  return [
    ...keys((key) => !ESSENTIAL.has(key) && !NAMES.has(key) && key !== 'body').map(leaveOut),
    ...keys((key) => NAMES.has(key)).map((key) => ({
      key,
      apply: (rest: Fields) => withShortName(rest, key),
    })),
    ...keys((key) => ESSENTIAL.has(key) || NAMES.has(key)).map(leaveOut),
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

/** Takes as many off the front as make up so many bytes: to measure again after each would be slow with thousands. */
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
 * The push with as much of the body as fits.
 *
 * @param atLeast UTF-16 units of it that must be left, unless it is shorter.
 * @returns undefined where not even they fit.
 */
function withLongestBody<T>(
  fields: Fields,
  form: Form<T>,
  atLeast: number,
): { payload: T; isCut: boolean } | undefined {
  const text = textOf(fields, 'body');
  // A UTF-16 unit takes a byte at least.
  if (text.length <= form.limit) {
    const whole = form.build(fields);
    if (form.sizeOf(whole) <= form.limit) return { payload: whole, isCut: false };
  }
  if (text.length <= atLeast) return undefined;

  // What lies beyond the limit cannot fit. Nor can the last character of the part, which may be half of one: the push
  // is more than its body.
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
    // Still within the last character that fits.
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
