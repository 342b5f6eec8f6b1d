import { describe, expect, it } from '@jest/globals';
import { normaliseUid } from './uid.js';

describe('normaliseUid', () => {
  it('lower-cases like CometChat', () => {
    expect(normaliseUid('CometChat-UID_2')).toBe('cometchat-uid_2');
  });

  it('keeps ids of other systems, such as e-mail addresses', () => {
    expect(normaliseUid('ann@example.com')).toBe('ann@example.com');
    expect(normaliseUid('élodie')).toBe('élodie');
    expect(normaliseUid('a'.repeat(100))).toBe('a'.repeat(100));
  });

  it('keeps letters distinct that Unicode case folding merges', () => {
    expect(normaliseUid('\u212aate')).toBe('\u212aate');
    expect(normaliseUid('\u0130da')).toBe('\u0130da');
  });

  it.each([
    ['an empty value', ''],
    ['101 characters', 'a'.repeat(101)],
    ['a space', 'a b'],
    ['a no-break space', 'a\u00a0b'],
    ['a line break', 'a\n'],
    ['a NUL, which PostgreSQL refuses', 'a\u0000b'],
    ['a C1 control character', 'a\u0085'],
    ['half a surrogate pair', 'a\ud800'],
  ])('rejects %s', (_, value) => {
    expect(normaliseUid(value)).toBeUndefined();
  });
});
