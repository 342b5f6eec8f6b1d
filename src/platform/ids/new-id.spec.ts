import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { firstIdAt, isIdFor, newId, newIdFor } from './new-id.js';

const fingerprint = (text: string): Buffer => createHash('sha256').update(text).digest();

describe('newIdFor', () => {
  it('makes a UUIDv7 of this moment that tells what it was made for', () => {
    const [one, other] = [newIdFor(fingerprint('a')), newIdFor(fingerprint('a'))];
    expect(one).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(one).not.toBe(other);
    expect(
      one > firstIdAt(new Date(Date.now() - 1_000)) && one < firstIdAt(new Date(Date.now() + 1_000)),
    ).toBe(true);
    expect([isIdFor(one, fingerprint('a')), isIdFor(one, fingerprint('b'))]).toEqual([true, false]);
    expect(isIdFor(newId(), fingerprint('a'))).toBe(false);
  });
});
