import { describe, expect, it } from '@jest/globals';
import { RetryLater, WORKER_OPTIONS } from './queue-worker.js';

describe('RetryLater', () => {
  it.each([
    [0, 0],
    [1_000, 1_000],
    [1_000.2, 1_001],
    [1_795_709_746_803.635_3, 1_795_709_746_804],
  ])('rounds its delay up to whole milliseconds: %d becomes %d', (given, delayMs) => {
    expect(new RetryLater(given, 'later').delayMs).toBe(delayMs);
  });
});

describe('backoffStrategy', () => {
  const { backoffStrategy } = WORKER_OPTIONS.settings;
  const names = ['push.send', 'sms.send', 'device.retire'];

  it('returns the delay of RetryLater rounded up to whole milliseconds', () => {
    for (let i = 0; i < 1_000; i += 1) {
      const asked = [0, i, i / 7, Math.random(), Math.random() * 10 ** (i % 13), 0.1 + 0.2][i % 6] ?? 0;
      const wait = backoffStrategy(1 + (i % 60), 'custom', new RetryLater(asked, 'later'));
      expect([asked, Number.isSafeInteger(wait), wait >= asked, wait < asked + 1]).toEqual([
        asked,
        true,
        true,
        true,
      ]);
    }
  });

  it('returns whole milliseconds after a failure', () => {
    for (const name of names) {
      for (let tries = 1; tries <= 60; tries += 1) {
        const wait = backoffStrategy(tries, 'custom', new Error('x'), { name });
        expect([name, tries, Number.isSafeInteger(wait) && wait >= 0]).toEqual([name, tries, true]);
      }
    }
  });
});
