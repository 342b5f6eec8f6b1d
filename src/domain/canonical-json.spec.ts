import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { draws } from '../../test/support/draws.js';
import { canonicalJson } from './canonical-json.js';

describe('canonicalJson', () => {
  it('returns valid JSON', () => {
    expect(canonicalJson({ b: 'ü"', a: [true, null, 1.5] })).toBe('{"a":[true,null,1.5],"b":"ü\\""}');
  });

  it('does not depend on the order of keys and parses to the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = fc.stringify(value);
        const text = canonicalJson(value);
        expect({ json, text: canonicalJson(reversed(value)) }).toEqual({ json, text });
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      draws(500),
    );
  });
});

function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  const entries = Object.entries(value).map(([name, item]) => [name, reversed(item)] as const);
  return Object.fromEntries(entries.reverse());
}
