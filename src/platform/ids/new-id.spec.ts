import { createHash } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import {
  firstIdAt,
  idFrom,
  isIdFor,
  momentOf,
  newId,
  newIdAfter,
  newIdFor,
  successorIdOf,
} from './new-id.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const fingerprint = (text: string): Buffer => createHash('sha256').update(text).digest();

describe('newIdFor', () => {
  it('makes a UUIDv7 of this moment that ends in the fingerprint', () => {
    const before = new Date();
    const [one, other] = [newIdFor(fingerprint('a')), newIdFor(fingerprint('a'))];
    expect(one).toMatch(UUID_V7);
    expect(one).not.toBe(other);
    expect(one > firstIdAt(before) && one < firstIdAt(new Date(Date.now() + 1_000))).toBe(true);
    expect([isIdFor(one, fingerprint('a')), isIdFor(one, fingerprint('b'))]).toEqual([true, false]);
    expect(isIdFor(newId(), fingerprint('a'))).toBe(false);
  });
});

describe('newIdAfter', () => {
  it('is an id of now, or of just after another where that one is of a time to come', () => {
    const now = new Date();
    const [past, future] = [newId(now.getTime() - 5_000), newId(now.getTime() + 86_400_000)];
    expect(newIdAfter(past) > firstIdAt(now)).toBe(true);
    expect(newIdAfter(future) > future).toBe(true);
    expect(momentOf(newIdAfter(future)).getTime()).toBe(momentOf(future).getTime() + 1);
  });
});

describe('idFrom', () => {
  it('is one id for each name, after the other', () => {
    const other = newId();
    const id = idFrom(other, 'a');
    expect(id).toMatch(UUID_V7);
    expect(id > other).toBe(true);
    expect([idFrom(other, 'a'), idFrom(other, 'b'), idFrom(newId(), 'a')].map((own) => own === id)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('successorIdOf', () => {
  it('is one id, which sorts after the other, and is made a millisecond later', () => {
    const ids = Array.from({ length: 100 }, () => newId());
    for (const id of ids) {
      const successor = successorIdOf(id);
      expect(successorIdOf(id)).toBe(successor);
      expect(successor).toMatch(UUID_V7);
      expect(successor > id).toBe(true);
      expect(momentOf(successor).getTime()).toBe(momentOf(id).getTime() + 1);
    }
    expect(new Set(ids.map(successorIdOf)).size).toBe(100);
  });
});

describe('momentOf', () => {
  it('tells when an id was made, to the millisecond', () => {
    const at = new Date('2026-11-22T12:34:56.789Z');
    expect([momentOf(newId(at.getTime())), momentOf(firstIdAt(at))]).toEqual([at, at]);
  });
});

describe('newId', () => {
  it('makes UUIDv7s of this moment that are in order and never the same', () => {
    const from = Date.now();
    const ids = Array.from({ length: 50_000 }, () => newId());
    const until = Date.now() + 1;
    expect(ids.filter((id) => !UUID_V7.test(id))).toEqual([]);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id < firstIdAt(new Date(from)) || id >= firstIdAt(new Date(until)))).toEqual(
      [],
    );
  });

  it('stays in order when the clock is set back', () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 5_000);
    const ahead = newId();
    now.mockRestore();
    expect(newId() > ahead).toBe(true);
  });
});
