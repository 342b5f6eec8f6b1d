/** A path into JSON: `messages[0].id`. */
export type JsonPath = readonly (string | number)[];

const PATH = /^(\[\d{1,4}\]|[^.[\]\s]+)(\.[^.[\]\s]+|\[\d{1,4}\])*$/;
const MAX_UNITS = 256;

/** @returns undefined if the string is not a path. */
export function parseJsonPath(text: string): JsonPath | undefined {
  if (text.length > MAX_UNITS || !PATH.test(text)) return undefined;
  return [...text.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([step, index]) =>
    index === undefined ? step : Number(index),
  );
}

/** @returns undefined if the path does not exist. Never reads a prototype. */
export function valueAt(json: unknown, path: JsonPath): unknown {
  let at = json;
  for (const step of path) {
    if (typeof step === 'number') at = Array.isArray(at) ? at[step] : undefined;
    else if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, step))
      return undefined;
    else at = (at as Readonly<Record<string, unknown>>)[step];
  }
  return at;
}
