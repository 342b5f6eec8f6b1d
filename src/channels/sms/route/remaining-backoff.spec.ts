import { describe, expect, it } from '@jest/globals';
import type { EarlierAttempt } from '../../../domain/delivery.js';
import type { AttemptOutcome } from '../../../domain/outcome.js';
import { remainingBackoffMs } from './remaining-backoff.js';

const now = Date.parse('2026-01-02T03:04:05.678Z');
const asked = { backoff: { backoffMs: 1_000, maxBackoffMs: 60_000 }, now };
const moveOn = { onOverQuota: 'moveOn' } as const;

/** An attempt that took 100 ms. */
const made = (
  provider: string,
  endedMsAgo: number,
  outcome: AttemptOutcome = 'unavailable',
): EarlierAttempt => ({
  attempt: 1,
  provider,
  outcome,
  vendorCode: 'code',
  startedAt: new Date(now - endedMsAgo - 100),
  durationMs: 100,
});

describe('remainingBackoffMs', () => {
  it('is 0 for a vendor that was not tried', () => {
    expect(remainingBackoffMs('a', moveOn, [], asked)).toBe(0);
    expect(remainingBackoffMs('a', moveOn, [made('b', 0)], asked)).toBe(0);
  });

  it('counts from the end of the vendor’s last attempt', () => {
    expect(remainingBackoffMs('a', moveOn, [made('a', 0)], asked)).toBe(500);
    expect(remainingBackoffMs('a', moveOn, [made('a', 200), made('b', 0)], asked)).toBe(300);
    expect(remainingBackoffMs('a', moveOn, [made('a', 500)], asked)).toBe(0);
  });

  it('doubles after each failure of the vendor', () => {
    const attempts = [made('a', 9_000), made('b', 8_000), made('a', 5_000), made('a', 0)];
    expect(remainingBackoffMs('a', moveOn, attempts, asked)).toBe(2_000);
  });

  it('never exceeds the backoff, even if clocks differ', () => {
    expect(remainingBackoffMs('a', moveOn, [made('a', -3_600_000)], asked)).toBe(500);
  });

  it('is 0 for a vendor over quota that the plan waits for', () => {
    const attempts = [made('a', 0, 'over_quota')];
    expect(remainingBackoffMs('a', { onOverQuota: 'wait' }, attempts, asked)).toBe(0);
    expect(remainingBackoffMs('a', moveOn, attempts, asked)).toBe(500);
  });
});
