import { describe, expect, it } from '@jest/globals';
import { shortId, topicOf } from './short-id.js';

describe('shortId', () => {
  it('keeps an id that APNs accepts', () => {
    expect(shortId('123')).toBe('123');
    expect(shortId('g'.repeat(64))).toBe('g'.repeat(64));
  });

  it.each([
    ['too long', 'g'.repeat(65)],
    ['not ASCII', 'größe'],
    ['with a space', 'a b'],
    ['with a line break', 'a\nb'],
  ])('hashes an id that is %s', (_name, id) => {
    expect(shortId(id)).toMatch(/^[0-9a-f]{64}$/);
    expect(shortId(id)).toBe(shortId(id));
    expect(shortId(`${id}2`)).not.toBe(shortId(id));
  });
});

describe('topicOf', () => {
  it('is a hash of 32 URL-safe base64 characters', () => {
    expect(topicOf('chat', '123')).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(topicOf('chat', '123')).not.toBe(topicOf('call', '123'));
  });
});
