import { COMETCHAT_FIELDS } from '../../../platform/config/push-field-names.js';
import { textOf, type Fields, type FieldValue } from './push-fields.js';

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
const NAMES = ['title', 'senderName', 'receiverName'];
/** What is kept of a name that is too long, and of the body as long as anything else can go in its place. */
const KEPT_GRAPHEMES = 50;

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
  const body = new Body(textOf(fields, 'body'), form.limit);
  for (const shrink of [unchanged, ...lastResorts(rest)]) {
    const next = shrink.apply(rest);
    if (next !== rest) dropped.add(shrink.key);
    rest = next;
    const fitted = body.longest(rest, form, KEPT_GRAPHEMES);
    if (fitted) return { payload: fitted.payload, dropped: [...dropped, ...(fitted.cut ? ['body'] : [])] };
  }
  const { payload } = body.longest(rest, form, 0) ?? { payload: form.build(without(rest, 'body')) };
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

function lastResorts(fields: Fields): Shrink[] {
  const leaveOut = (key: string): Shrink => ({ key, apply: (rest) => without(rest, key) });
  const isName = (key: string): boolean => NAMES.includes(key);
  return [
    ...largestFirst(fields, (key) => !ESSENTIAL.has(key) && !isName(key) && key !== 'body').map(leaveOut),
    ...largestFirst(fields, isName).map((key) => ({
      key,
      apply: (rest: Fields) => withShortName(rest, key),
    })),
    ...largestFirst(fields, (key) => ESSENTIAL.has(key) || isName(key)).map(leaveOut),
  ];
}

function largestFirst(fields: Fields, among: (key: string) => boolean): string[] {
  const size = (value: FieldValue): number => Buffer.byteLength(JSON.stringify(value));
  return Object.entries(fields)
    .filter(([key]) => among(key))
    .map(([key, value]) => ({ key, bytes: size(key) + size(value) }))
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ key }) => key);
}

function without(fields: Fields, key: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
}

function withShortName(fields: Fields, key: string): Fields {
  const graphemes = graphemesOf(textOf(fields, key));
  if (graphemes.length <= KEPT_GRAPHEMES) return fields;
  return { ...fields, [key]: `${graphemes.slice(0, KEPT_GRAPHEMES).join('')}…` };
}

/** The body, which is cut between characters as people see them. */
class Body {
  private readonly graphemes: readonly string[];
  private readonly isWhole: boolean;

  constructor(
    private readonly text: string,
    limit: number,
  ) {
    // A UTF-16 unit takes a byte at least, so what lies beyond cannot fit. Nor can the last character of the part,
    // which may be half of one: the push is more than its body.
    this.graphemes = graphemesOf(text.slice(0, limit));
    this.isWhole = text.length <= limit;
  }

  /**
   * The push with as much of the body as fits.
   *
   * @param atLeast characters of it that must be left, unless it is shorter.
   * @returns undefined where not even they fit.
   */
  longest<T>(fields: Fields, form: Form<T>, atLeast: number): { payload: T; cut: boolean } | undefined {
    const { length } = this.graphemes;
    const withFirst = (count: number): { payload: T; cut: boolean; fits: boolean } => {
      const cut = count < length || !this.isWhole;
      const body = cut ? `${this.graphemes.slice(0, count).join('')}…` : this.text;
      const payload = form.build(body === '' ? fields : { ...fields, body });
      return { payload, cut, fits: form.sizeOf(payload) <= form.limit };
    };
    const whole = withFirst(length);
    if (whole.fits) return whole;
    let tooLong = length;
    let fits = Math.min(atLeast, length);
    let best = withFirst(fits);
    if (!best.fits) return undefined;
    while (tooLong - fits > 1) {
      const middle = (fits + tooLong) >> 1;
      const candidate = withFirst(middle);
      if (candidate.fits) {
        best = candidate;
        fits = middle;
      } else tooLong = middle;
    }
    return best;
  }
}

const segmenter = new Intl.Segmenter();

function graphemesOf(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}
