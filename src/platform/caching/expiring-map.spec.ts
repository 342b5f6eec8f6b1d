import { describe, expect, it } from '@jest/globals';
import { ExpiringMap } from './expiring-map.js';

describe('ExpiringMap', () => {
  it('forgets what is older than it may be, however often it is asked for', () => {
    let now = 0;
    const map = new ExpiringMap<string>(100, 10, () => now);
    map.set('a', 'x');
    for (now = 30; now < 100; now += 30) expect(map.get('a')).toBe('x');
    now = 100;
    expect(map.get('a')).toBeUndefined();
  });

  it('of too many lets go what was asked for longest ago', () => {
    const map = new ExpiringMap<number>(100, 2, () => 0);
    map.set('a', 1);
    map.set('b', 2);
    map.get('a');
    map.set('c', 3);
    expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([1, undefined, 3]);
  });

  it('takes a new value for a key that it has', () => {
    const map = new ExpiringMap<number>(100, 2, () => 0);
    map.set('a', 1);
    map.set('b', 2);
    map.set('a', 3);
    expect([map.get('a'), map.get('b')]).toEqual([3, 2]);
  });
});
