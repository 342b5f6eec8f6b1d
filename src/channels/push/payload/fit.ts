import { COMETCHAT_FIELDS } from '../../../platform/config/push-field-names.js';
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
  if (form.sizeOf(whole) <= form.limit) return { payload: whole, dropped: [] };

  const dropped = new Set<string>();
  let rest = fields;
  for (const key of expendable(fields)) {
    rest = without(rest, key);
    dropped.add(key);
    const payload = form.build(rest);
    if (form.sizeOf(payload) <= form.limit) return { payload, dropped: [...dropped] };
  }
  for (const shrink of [unchanged, ...lastResorts(rest)]) {
    const next = shrink.apply(rest);
    if (next !== rest) dropped.add(shrink.key);
    rest = next;
    const fitted = withLongestBody(rest, form, KEPT_UNITS);
    if (fitted) return { payload: fitted.payload, dropped: [...dropped, ...(fitted.isCut ? ['body'] : [])] };
  }
  const { payload } = withLongestBody(rest, form, 0) ?? { payload: form.build(without(rest, 'body')) };
  return { payload, dropped: [...dropped, 'body'] };
}

interface Shrink {
  readonly key: string;
  /** The same fields where there is nothing to be gained. */
  readonly apply: (fields: Fields) => Fields;
}

const unchanged: Shrink = { key: '', apply: (fields) => fields };

function expendable(fields: Fields): string[] {
  const first = ['message', 'custom'].filter((key) => Object.hasOwn(fields, key));
  return [...first, ...largestFirst(fields, (key) => !KNOWN.has(key))];
}

const leaveOut = (key: string): Shrink => ({ key, apply: (rest) => without(rest, key) });

function lastResorts(fields: Fields): Shrink[] {
  return [
    ...largestFirst(fields, (key) => !ESSENTIAL.has(key) && !NAMES.has(key) && key !== 'body').map(leaveOut),
    ...largestFirst(fields, (key) => NAMES.has(key)).map((key) => ({
      key,
      apply: (rest: Fields) => withShortName(rest, key),
    })),
    ...largestFirst(fields, (key) => ESSENTIAL.has(key) || NAMES.has(key)).map(leaveOut),
  ];
}

function largestFirst(fields: Fields, among: (key: string) => boolean): string[] {
  return Object.entries(fields)
    .filter(([key]) => among(key))
    .map(([key, value]) => ({ key, bytes: jsonBytes([key, value]) }))
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ key }) => key);
}

function without(fields: Fields, key: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}

function withShortName(fields: Fields, key: string): Fields {
  const name = textOf(fields, key);
  if (name.length <= KEPT_UNITS) return fields;
  return { ...fields, [key]: new CutText(name, 2 * KEPT_UNITS).beginning(KEPT_UNITS) };
}

/** A text that can be cut between characters as people see them. */
class CutText {
  private readonly part: string;
  private readonly segments: Intl.Segments;
  readonly length: number;

  /** @param limit UTF-16 units beyond which nobody will look. */
  constructor(text: string, limit: number) {
    this.part = text.slice(0, limit);
    this.length = this.part.length;
    this.segments = segmenter.segment(this.part);
  }

  /**
   * Where the character begins that the unit belongs to. Asked for one at a time: walking over all of them, as the
   * segments' own iterator does, copies the whole text for each.
   */
  boundary(unit: number): number {
    return this.segments.containing(unit)?.index ?? this.length;
  }

  /** The whole characters within the first so many units, and a sign that there was more. */
  beginning(units: number): string {
    return `${this.part.slice(0, this.boundary(units))}…`;
  }
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

const segmenter = new Intl.Segmenter();
