import { WrongExpression } from './condition.js';

/** Extracts the pattern's value; undefined if the string does not match. */
export type TextPattern = (text: string) => string | undefined;

/** Placeholders: `{id}` is returned, `{*}` is skipped. */
type Token = { readonly literal: string } | { readonly hole: 'value' | 'any' };

const MAX_UNITS = 256;
/** Limits of the input read and of the positions tried, which bound the time for hostile input. */
const MAX_TEXT_UNITS = 10_000;
const MAX_PLACES = 20;
const MAX_VALUE_UNITS = 256;
/** Characters that end a value at the end of a pattern. */
const END = /[\s,;|<>"'&(){}[\]]/;
const TAG = /\{([A-Za-z*]*)\}/;

/**
 * Compiles a pattern of literal text around one `{name}`, such as `OK: {id}`; `{*}` matches any characters on one
 * line. Spaces before a value are skipped. There are no other operators, so that its time is bounded.
 *
 * @throws WrongExpression
 */
export function compileTextPattern(pattern: string, name: string): TextPattern {
  const tokens = tokensOf(pattern, name);
  return (text) => {
    const bounded = text.slice(0, MAX_TEXT_UNITS);
    const [first] = tokens;
    let at = 0;
    for (let place = 0; place < MAX_PLACES; place += 1) {
      if (first && 'literal' in first) at = bounded.indexOf(first.literal, at);
      if (at < 0) return undefined;
      const value = valueFrom(bounded, at, tokens);
      if (value !== undefined) return value;
      // Without a leading literal, only the start of the input is tried.
      if (!first || !('literal' in first)) return undefined;
      at += 1;
    }
    return undefined;
  };
}

function tokensOf(pattern: string, name: string): readonly Token[] {
  if (pattern.length > MAX_UNITS) throw new WrongExpression(`is longer than ${MAX_UNITS} characters`);
  const tokens: Token[] = [];
  for (const [index, part] of pattern.split(new RegExp(TAG, 'g')).entries()) {
    if (index % 2 === 0) {
      if (part !== '') tokens.push({ literal: part });
    } else if (part === name || part === '*') {
      if (tokens.at(-1) && 'hole' in (tokens.at(-1) as Token))
        throw new WrongExpression('has two values without a text between them');
      tokens.push({ hole: part === '*' ? 'any' : 'value' });
    } else throw new WrongExpression(`has {${part}}, which is neither {${name}} nor {*}`);
  }
  const values = tokens.filter((token) => 'hole' in token && token.hole === 'value');
  if (values.length !== 1) throw new WrongExpression(`has to have {${name}} once, as in OK: {${name}}`);
  return tokens;
}

function valueFrom(text: string, start: number, tokens: readonly Token[]): string | undefined {
  let at = start;
  let found: string | undefined;
  for (const [index, token] of tokens.entries()) {
    if ('literal' in token) {
      if (!text.startsWith(token.literal, at)) return undefined;
      at += token.literal.length;
      continue;
    }
    while (token.hole === 'value' && /[ \t]/.test(text.charAt(at))) at += 1;
    const next = tokens[index + 1];
    const end = next && 'literal' in next ? text.indexOf(next.literal, at) : endOfValue(text, at);
    if (end < 0) return undefined;
    const value = text.slice(at, end).trim();
    if (token.hole === 'value' ? !isValue(value) : /[\r\n]/.test(value)) return undefined;
    if (token.hole === 'value') found = value;
    at = end;
  }
  return found;
}

const isValue = (text: string): boolean => text !== '' && text.length <= MAX_VALUE_UNITS && !/\s/.test(text);

function endOfValue(text: string, from: number): number {
  const length = text.slice(from, from + MAX_VALUE_UNITS + 1).search(END);
  return length < 0 ? Math.min(text.length, from + MAX_VALUE_UNITS + 1) : from + length;
}
