import { describe, expect, it } from '@jest/globals';
import { StaggeredWaits } from './staggered-waits.js';

/** The delays of `count` deliveries that wait for a moment in two seconds. */
function delaysOf(count: number, isUrgent = false): number[] {
  const waits = new StaggeredWaits();
  return Array.from({ length: count }, () => waits.add('account', 2_000, isUrgent));
}

describe('StaggeredWaits', () => {
  it('lets a single delivery return at once', () => {
    expect(delaysOf(1)).toEqual([2_000]);
  });

  it('lets thousands of deliveries return one after the other, in order, within ten seconds', () => {
    const delays = delaysOf(3_000);
    expect(new Set(delays).size).toBe(3_000);
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(Math.max(...delaysOf(100_000))).toBeLessThanOrEqual(12_000);
  });

  it('lets rings return within a second', () => {
    expect(Math.max(...delaysOf(3_000, true))).toBeLessThanOrEqual(3_000);
  });

  it('delays none whose moment has come', () => {
    expect(new StaggeredWaits().add('account', 0, false)).toBe(0);
  });

  it('counts each account alone, and anew for each moment', () => {
    const waits = new StaggeredWaits();
    waits.add('account', 2_000, false);
    expect(waits.add('other', 2_000, false)).toBe(2_000);
    expect(waits.add('account', 2_000, false)).toBe(2_003);
    waits.startOver('account');
    expect(waits.add('account', 2_000, false)).toBe(2_000);
  });
});
