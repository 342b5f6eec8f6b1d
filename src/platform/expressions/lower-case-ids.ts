import { foldId } from '../../domain/uid.js';
import { ID_FIELDS } from './id-fields.js';

/** The event with its ids in lower case, for conditions. */
export function lowerCaseIds<T extends object>(event: T): T {
  return ID_FIELDS.reduce((changed: T, path) => lowered(changed, path) as T, event);
}

function lowered(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return typeof value === 'string' ? foldId(value) : value;
  if (!isMapping(value) || !Object.hasOwn(value, key)) return value;
  const after = lowered(value[key], rest);
  // Copies only if something changes, which is rare.
  return after === value[key] ? value : { ...value, [key]: after };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
