import { describe, expect, it } from '@jest/globals';
import { TryAgain } from './lane-worker.js';

describe('TryAgain', () => {
  it.each([
    [0, 0],
    [1_000, 1_000],
    [1_000.2, 1_001],
    [1_795_709_746_803.635_3, 1_795_709_746_804],
  ])('asks for whole milliseconds: %d become %d', (given, delayMs) => {
    expect(new TryAgain(given, 'later').delayMs).toBe(delayMs);
  });
});
