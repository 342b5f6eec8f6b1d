import { describe, expect, it } from '@jest/globals';
import { normaliseUid } from './uid.js';

describe('normaliseUid', () => {
  it('lower-cases, as CometChat does', () => {
    expect(normaliseUid('CometChat-UID_2')).toBe('cometchat-uid_2');
  });

  it('keeps what other systems use as ids', () => {
    expect(normaliseUid('ann@example.com')).toBe('ann@example.com');
    expect(normaliseUid('élodie')).toBe('élodie');
    expect(normaliseUid('a'.repeat(100))).toBe('a'.repeat(100));
  });

  it('keeps apart what Unicode folds together', () => {
    expect(normaliseUid('\u212aate')).toBe('\u212aate');
    expect(normaliseUid('\u0130da')).toBe('\u0130da');
  });

  it.each([
    ['nothing', ''],
    ['101 characters', 'a'.repeat(101)],
    ['a blank', 'a b'],
    ['a no-break space', 'a\u00a0b'],
    ['a line break', 'a\n'],
    ['a NUL, which PostgreSQL refuses', 'a\u0000b'],
    ['a C1 control character', 'a\u0085'],
    ['half a surrogate pair', 'a\ud800'],
  ])('refuses %s', (_, value) => {
    expect(normaliseUid(value)).toBeUndefined();
  });
});
