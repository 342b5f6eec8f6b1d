import { describe, expect, it } from '@jest/globals';
import { validityPeriod } from './validity-period.js';

describe('validityPeriod', () => {
  it.each([
    [0, '000000000001000R'],
    [59.9, '000000000059000R'],
    [3_600, '000000010000000R'],
    [86_399, '000000235959000R'],
    [172_800, '000002000000000R'],
    [30 * 86_400, '000030000000000R'],
    [365 * 86_400, '000030000000000R'],
  ])('formats %d seconds', (seconds, expected) => {
    expect(validityPeriod(seconds)).toBe(expected);
  });
});
