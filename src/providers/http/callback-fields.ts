import { parseJsonPath, valueAt } from '../../platform/expressions/json-path.js';
import { UnreadableCallback, type CallbackRequest } from '../callback.js';
import { isObject } from '../vendor-request.js';
import { asText } from './answer-field.js';

/** A field: its lower-case path, and the last part of that reduced to letters and digits. */
interface Field {
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

/** The fields of a report or reply and of its enclosing scopes; the inner ones take precedence. */
export interface CallbackFields {
  readonly own: readonly Field[];
  readonly around: CallbackFields | undefined;
}

const MAX_ITEMS = 10_000;
const MAX_DEPTH = 8;

/**
 * Reads the reports or replies of a request from the query, a form or JSON; the body overrides the query. A form may
 * contain JSON in a field. Each object of a JSON list is an item; nested lists yield the innermost objects.
 *
 * @param items path of the list; unset: the body itself.
 * @throws UnreadableCallback
 */
export function readItems(
  { query, headers, body }: CallbackRequest,
  items: string | undefined,
): readonly CallbackFields[] {
  const shared: CallbackFields = { own: pairFields([...query]), around: undefined };
  const type = headers['content-type']?.toLowerCase().split(';')[0]?.trim() ?? '';
  if (body.length === 0) return [shared];
  if (type === 'application/x-www-form-urlencoded') {
    const pairs = [...new URLSearchParams(body.toString())];
    const form = { own: pairFields(pairs), around: shared };
    const nested = pairs.flatMap(([, value]) => (/^\s*[[{]/.test(value) ? [tryJson(value)] : []));
    const json = nested.find((value) => typeof value === 'object' && value !== null);
    return json === undefined ? [form] : jsonItems(json, form, items);
  }
  if (!/[/+]json$/.test(type)) return [shared];
  const json = tryJson(body.toString());
  if (json === undefined) throw new UnreadableCallback('The body is not JSON.');
  return jsonItems(json, shared, items);
}

/** All values with these names, innermost first. @param exact match the whole path instead of its last part. */
export function valuesOf(
  fields: CallbackFields,
  names: readonly string[],
  exact: boolean,
): readonly string[] {
  // The innermost of several fields with the same path.
  const found = new Map<string, string>();
  for (let scope: CallbackFields | undefined = fields; scope; scope = scope.around) {
    for (const wanted of names) {
      const key = exact ? wanted.toLowerCase() : plain(wanted);
      for (const { path, name, value } of scope.own) {
        if ((exact ? path : name) === key && value !== '' && !found.has(path)) found.set(path, value);
      }
    }
  }
  return [...found.values()];
}

function jsonItems(
  json: unknown,
  around: CallbackFields,
  items: string | undefined,
): readonly CallbackFields[] {
  const out: CallbackFields[] = [];
  const path = items === undefined ? undefined : parseJsonPath(items);
  const root = path ? valueAt(json, path) : json;
  // Fields next to the list apply to each of its items.
  const outer = path && isObject(json) ? { own: objectFields(json).fields, around } : around;
  for (const item of [root].flat()) {
    if (!isObject(item))
      throw new UnreadableCallback('The body is neither a JSON object nor a list of objects.');
    collect(item, outer, 0, out);
  }
  return out;
}

function collect(
  item: Readonly<Record<string, unknown>>,
  around: CallbackFields,
  depth: number,
  out: CallbackFields[],
): void {
  const { fields, lists } = objectFields(item);
  const scope: CallbackFields = { own: fields, around };
  if (lists.length === 0 || depth >= MAX_DEPTH) {
    if (out.length >= MAX_ITEMS) throw new UnreadableCallback('The body has too many items.');
    out.push(scope);
    return;
  }
  for (const inner of lists.flat()) collect(inner, scope, depth + 1, out);
}

type Objects = readonly Readonly<Record<string, unknown>>[];

/** The values of an object and its nested objects, shallow ones first, and its lists of objects. */
function objectFields(item: Readonly<Record<string, unknown>>): { fields: Field[]; lists: Objects[] } {
  const fields: Field[] = [];
  const lists: Objects[] = [];
  let level: readonly (readonly [string, unknown])[] = Object.entries(item);
  for (let depth = 0; level.length > 0 && depth < MAX_DEPTH; depth += 1) {
    const next: (readonly [string, unknown])[] = [];
    for (const [path, value] of level) {
      const text = value === '' ? '' : asText(value);
      if (text !== undefined) fields.push(fieldOf(path, text));
      else if (Array.isArray(value)) {
        if (value.length > 0 && value.every(isObject)) lists.push(value);
        else value.forEach((one, index) => next.push([`${path}[${index}]`, one]));
      } else if (isObject(value)) {
        for (const [key, inner] of Object.entries(value)) next.push([`${path}.${key}`, inner]);
      }
    }
    level = next;
  }
  return { fields, lists };
}

/** Later fields of the same name take precedence. */
const pairFields = (pairs: readonly (readonly [string, string])[]): Field[] =>
  pairs.map(([key, value]) => fieldOf(key, value)).toReversed();

function fieldOf(path: string, value: string): Field {
  return { path: path.toLowerCase(), name: plain(path.split('.').at(-1) ?? path), value };
}

/** Normalizes `message_id`, `messageId` and `Message-ID` to one name. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
