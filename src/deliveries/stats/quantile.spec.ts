import { describe, expect, it } from '@jest/globals';
import { quantile } from './quantile.js';

const BOUNDS = [1, 2, 5];

describe('quantile', () => {
  it.each([
    ['interpolates inside a bucket', 0.5, [0, 10, 0, 0], 1.5],
    ['begins the first bucket at zero', 0.5, [4, 0, 0, 0], 0.5],
    ['ends at the bound of a bucket that is used up', 0.5, [5, 5, 0, 0], 1],
    ['skips empty buckets', 0.75, [2, 0, 2, 0], 3.5],
    ['reads the 95th of a hundred', 0.95, [90, 0, 10, 0], 3.5],
    ['stops at the last bound', 0.99, [0, 0, 0, 7], 5],
    ['takes the last bound for the part without a bound', 0.99, [50, 0, 0, 50], 5],
  ])('%s', (_, q, counts, expected) => {
    expect(quantile(q, BOUNDS, counts)).toBeCloseTo(expected, 10);
  });

  it('is null without values', () => {
    expect(quantile(0.5, BOUNDS, [0, 0, 0, 0])).toBeNull();
  });
});
