import { describe, expect, it } from '@jest/globals';
import { amountOf } from './notification-view.js';

describe('amountOf', () => {
  it.each([
    [0n, '0.00'],
    [7_900n, '0.0079'],
    [10_000n, '0.01'],
    [1n, '0.000001'],
    [1_500_000n, '1.50'],
    [123_456_789n, '123.456789'],
    [9_007_199_254_740_993_000_000n, '9007199254740993.00'],
  ])('writes %s as %s', (micros, amount) => {
    expect(amountOf(micros)).toBe(amount);
  });
});
