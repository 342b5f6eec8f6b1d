/**
 * A value with its structure, numbers and switches, but with the length of each string in place of the string: the form of a
 * message without its content.
 */
export function withoutStrings(value: unknown): unknown {
  if (typeof value === 'string') return lengthOf(value);
  if (Array.isArray(value)) return value.map(withoutStrings);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutStrings(inner)]));
}

/** The same for the strings under one key, at any depth. */
export function withoutStringsOf(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutStringsOf(key, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === key ? withoutStrings(inner) : withoutStringsOf(key, inner),
    ]),
  );
}

const lengthOf = (text: string): string => `(${text.length} character${text.length === 1 ? '' : 's'})`;
