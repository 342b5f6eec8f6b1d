/**
 * A value with its structure, numbers and switches, but with the length of each text in place of the text: the form of a
 * message without its content.
 */
export function withoutTexts(value: unknown): unknown {
  if (typeof value === 'string') return lengthOf(value);
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutTexts(inner)]));
}

/** The same for the texts under one key, at any depth. */
export function withoutTextsOf(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutTextsOf(key, item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === key ? withoutTexts(inner) : withoutTextsOf(key, inner),
    ]),
  );
}

const lengthOf = (text: string): string => `(${text.length} character${text.length === 1 ? '' : 's'})`;
