import { describe, expect, it } from '@jest/globals';
import { FailureStreaks } from './failure-streaks.js';

/** Sends up to 100 failures to these addresses in rotation. @returns how many it takes. */
function failuresUntilFault(addresses: readonly string[], isOfAccount = false): number | undefined {
  const streaks = new FailureStreaks(4, 3);
  for (let i = 1; i <= 100; i++) {
    if (streaks.add('account', addresses[i % addresses.length] ?? '', isOfAccount)) return i;
  }
  return undefined;
}

describe('FailureStreaks', () => {
  it('finds an account at fault after failures of several addresses', () => {
    expect(failuresUntilFault(['a', 'b', 'c', 'd', 'e'])).toBe(4);
    expect(failuresUntilFault(['a', 'a', 'a', 'a', 'b', 'c'])).toBe(5);
    expect(failuresUntilFault(['a', 'b'])).toBeUndefined();
  });

  it('needs only one address if the failures do not depend on it', () => {
    expect(failuresUntilFault(['a'], true)).toBe(4);
  });

  it('restarts the count after a success or a fault', () => {
    const streaks = new FailureStreaks(2, 1);
    expect(streaks.add('account', 'a')).toBe(false);
    streaks.end('account');
    expect(streaks.add('account', 'a')).toBe(false);
    expect(streaks.add('other', 'a')).toBe(false);
    expect(streaks.add('account', 'a')).toBe(true);
    expect(streaks.add('account', 'a')).toBe(false);
  });
});
