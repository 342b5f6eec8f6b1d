import { WrongExpression } from '../../platform/expressions/condition.js';
import { parseJsonPath, valueAt } from '../../platform/expressions/json-path.js';
import { compileTextPattern } from '../../platform/expressions/text-pattern.js';

type FieldReader = (json: unknown, text: string) => string | undefined;

/**
 * Compiles a field of the response: by its path in JSON, otherwise by its pattern in plain text.
 *
 * @returns undefined if neither is set. @throws Error naming the invalid setting.
 */
export function compileField(
  name: 'id' | 'code',
  { path, pattern }: { readonly path: string | undefined; readonly pattern: string | undefined },
): FieldReader | undefined {
  const steps = path === undefined ? undefined : parseJsonPath(path);
  if (path !== undefined && !steps)
    throw new Error(`${name}Path must be a path, such as messages[0].${name}`);
  const find = pattern === undefined ? undefined : compilePattern(name, pattern);
  if (!steps && !find) return undefined;
  return (json, text) => (steps && asText(valueAt(json, steps))) ?? find?.(text);
}

/** Unsafe integers are rejected: their digits are lost. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A code rather than a sentence, which may contain the number or the text. */
const CODE = /^(?!.*\d{7})[\w.:/ -]{1,64}$/;

/** A vendor's code if it is safe for ledger and log. */
export function asCode(text: string | undefined): string | undefined {
  return text !== undefined && CODE.test(text) ? text : undefined;
}

function compilePattern(name: string, pattern: string): (text: string) => string | undefined {
  try {
    return compileTextPattern(pattern, name);
  } catch (error) {
    if (error instanceof WrongExpression)
      throw new Error(`${name}Pattern ${error.message}`, { cause: error });
    throw error;
  }
}
