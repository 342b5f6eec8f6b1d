import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sentAtMs } from './sent-at.js';

describe('sentAtMs', () => {
  it.each([
    ['1741847453000', 1_741_847_453_000],
    [1_741_847_453_000, 1_741_847_453_000],
    ['1741847453', 1_741_847_453_000],
    [1_741_847_453, 1_741_847_453_000],
    ['1741847453.25', 1_741_847_453_250],
    [1_741_847_453.0004, 1_741_847_453_000],
    ['1741847453000123', 1_741_847_453_000],
  ])('parses %j', (sentAt, ms) => {
    expect(sentAtMs(sentAt)).toBe(ms);
  });

  it.each([undefined, null, '', ' ', 'yesterday', 0, '5', -1, NaN, Infinity, {}, true])(
    'returns undefined for %j',
    (sentAt) => {
      expect(sentAtMs(sentAt)).toBeUndefined();
    },
  );

  it('returns whole milliseconds, the same from seconds and milliseconds', () => {
    const moments = fc.integer({ min: 1_000_000_000, max: 9_999_999_999 });
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 999 }), (seconds, ms) => {
        const exact = seconds * 1_000 + ms;
        expect(sentAtMs(exact)).toBe(exact);
        expect(sentAtMs(`${seconds}.${String(ms).padStart(3, '0')}`)).toBe(exact);
        expect(sentAtMs(seconds)).toBe(seconds * 1_000);
      }),
    );
  });
});
