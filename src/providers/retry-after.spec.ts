import { describe, expect, it } from '@jest/globals';
import { retryAfterMs } from './retry-after.js';

const NOW = Date.parse('2026-01-02T03:04:05Z');

describe('retryAfterMs', () => {
  it.each([
    ['0', 0],
    ['7', 7_000],
    [' 120 ', 120_000],
    ['1.5', 1_500],
    ['Fri, 02 Jan 2026 03:05:05 GMT', 60_000],
    ['Friday, 02-Jan-26 03:05:05 GMT', 60_000],
    ['Fri Jan  2 03:05:05 2026', 60_000],
    ['Fri, 99 Jan 2026 03:05:05 GMT', undefined],
    ['Fri, 02 Jan 2026 03:00:00 GMT', 0], // past
    ['999999999', 86_400_000],
    ['Fri, 02 Jan 2099 03:05:05 GMT', 86_400_000],
    ['-5', undefined],
    ['soon', undefined],
    ['12 apples', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('parses %j', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });

  it('uses the first of several values', () => {
    expect(retryAfterMs(['3', '9'], NOW)).toBe(3_000);
  });
});
