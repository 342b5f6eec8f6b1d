import { describe, expect, it } from '@jest/globals';
import { FailureStreaks } from './failure-streaks.js';

/** How many failures to these addresses in turn it takes, of a hundred. */
function failuresUntilFault(addresses: readonly string[], isOfAccount = false): number | undefined {
  const streaks = new FailureStreaks(4, 3);
  for (let i = 1; i <= 100; i++) {
    if (streaks.add('account', addresses[i % addresses.length] ?? '', isOfAccount)) return i;
  }
  return undefined;
}

describe('FailureStreaks', () => {
  it('finds an account at fault by failures of several addresses', () => {
    expect(failuresUntilFault(['a', 'b', 'c', 'd', 'e'])).toBe(4);
    expect(failuresUntilFault(['a', 'a', 'a', 'a', 'b', 'c'])).toBe(5);
    expect(failuresUntilFault(['a', 'b'])).toBeUndefined();
  });

  it('needs no more than one address where the failures have nothing to do with it', () => {
    expect(failuresUntilFault(['a'], true)).toBe(4);
  });

  it('starts over after a success, and after a fault', () => {
    const streaks = new FailureStreaks(2, 1);
    expect(streaks.add('account', 'a')).toBe(false);
    streaks.end('account');
    expect(streaks.add('account', 'a')).toBe(false);
    expect(streaks.add('other', 'a')).toBe(false);
    expect(streaks.add('account', 'a')).toBe(true);
    expect(streaks.add('account', 'a')).toBe(false);
  });
});
