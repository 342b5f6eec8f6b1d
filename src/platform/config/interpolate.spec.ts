import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../errors/gateway-error.js';
import { interpolate } from './interpolate.js';

describe('interpolate', () => {
  const env = { NAME: 'value', EMPTY: '' };
  it.each([
    ['${NAME}', 'value'],
    ['a${NAME}b${NAME}', 'avaluebvalue'],
    ['${OTHER:-fallback}', 'fallback'],
    ['${OTHER:-}', ''],
    ['${EMPTY:-fallback}', 'fallback'],
    ['${EMPTY}', ''],
    ['$${NAME}', '${NAME}'],
    ['$NAME', '$NAME'],
    ['${1}', '${1}'],
  ])('replaces %s by %s', (text, expected) => {
    const faults: Fault[] = [];
    expect(interpolate({ a: [text] }, env, faults)).toEqual({ a: [expected] });
    expect(faults).toEqual([]);
  });

  it('reports an unset variable', () => {
    const faults: Fault[] = [];
    interpolate({ a: [{ b: '${OTHER}' }] }, env, faults);
    expect(faults).toEqual([
      { path: 'a[0].b', problem: 'needs the environment variable OTHER, which is not set' },
    ]);
  });
});
