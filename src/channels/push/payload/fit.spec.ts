import { describe, expect, it, jest } from '@jest/globals';
import { fit } from './fit.js';
import { jsonBytes } from './json-bytes.js';
import type { Fields } from './push-fields.js';

const LIMIT = 1_000;
let built = 0;
const form = {
  build: (fields: Fields): Record<string, unknown> => {
    built += 1;
    return { ...fields };
  },
  sizeOf: jsonBytes,
  limit: LIMIT,
};
const x = (bytes: number): string => 'x'.repeat(bytes);
const fitted = (fields: Fields) => fit(fields, form);

describe('fit', () => {
  it('builds a push that fits only once and drops nothing', () => {
    built = 0;
    const fields = { type: 'chat', body: 'hi', message: { id: '1' } };
    expect(fitted(fields)).toMatchObject({ payload: fields, dropped: [] });
    expect(built).toBe(1);
  });

  it.each([
    ['message', { message: x(2_000), custom: { a: 1 }, other: 'o', body: 'hi' }, ['message']],
    [
      'message before the larger custom',
      { message: 'm', custom: x(2_000), body: 'hi' },
      ['message', 'custom'],
    ],
    [
      'unknown fields, largest first',
      { custom: 'c', small: x(100), large: x(800), larger: x(900), body: 'hi' },
      ['custom', 'larger'],
    ],
    [
      'the end of the body after all other fields',
      { custom: 'c', other: 'o', body: x(2_000) },
      ['custom', 'other', 'body'],
    ],
    [
      'an avatar before almost all of the body',
      { title: 'T', senderAvatar: x(950), body: x(500) },
      ['senderAvatar'],
    ],
    ['the end of a name', { type: 'chat', title: x(2_000), body: 'hi' }, ['title']],
    ['ids as the last resort', { type: 'chat', conversationId: x(2_000), body: 'hi' }, ['conversationId']],
  ])('drops %s', (_name, fields, dropped) => {
    const { payload, dropped: actual } = fitted(fields);
    expect(actual).toEqual(dropped);
    expect(jsonBytes(payload)).toBeLessThanOrEqual(LIMIT);
  });

  it('cuts the body between graphemes, as late as possible', () => {
    const family = '👩‍👩‍👧‍👦';
    const { payload } = fitted({ type: 'chat', body: family.repeat(100) });
    const body = payload['body'] as string;
    expect(body).toMatch(/…$/);
    expect(body.slice(0, -1).replaceAll(family, '')).toBe('');
    expect(jsonBytes(payload) + Buffer.byteLength(family)).toBeGreaterThan(LIMIT);
    expect(jsonBytes(payload)).toBeLessThanOrEqual(LIMIT);
  });

  it('keeps a short body whole', () => {
    const { payload, dropped } = fitted({ receiverAvatar: x(1_000), body: 'short' });
    expect(payload).toEqual({ body: 'short' });
    expect(dropped).toEqual(['receiverAvatar']);
  });

  it('fits a body that is a single huge grapheme', () => {
    const { payload, dropped } = fitted({ type: 'chat', title: 'T', body: `a${'\u0301'.repeat(5_000)}` });
    expect(jsonBytes(payload)).toBeLessThanOrEqual(LIMIT);
    expect(dropped).toContain('body');
  });

  it('reports at most 20 dropped fields, without unsafe names', () => {
    const { dropped } = fitted({ 'a,b': x(700), 'c\u0000': x(600), known: x(500), body: x(500) });
    expect(dropped).toEqual(['unnamed', 'known']);
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`field${i}`, x(1_000)]));
    expect(fitted(many).dropped).toHaveLength(20);
  });

  it('builds only a few candidates for 50,000 fields', () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`field${i}`, '\u0001']));
    built = 0;
    const { payload } = fitted({ ...many, body: 'hi' });
    expect(payload).toMatchObject({ body: 'hi' });
    expect(built).toBeLessThanOrEqual(5);
  });

  it('segments only the beginning of a body of the maximum webhook size', () => {
    const segment = jest.spyOn(Intl.Segmenter.prototype, 'segment');
    built = 0;
    const { dropped } = fitted({ title: 'x'.repeat(900_000), body: '👩‍👩‍👧‍👦'.repeat(80_000) });
    expect(dropped).toEqual(['title', 'body']);
    expect(Math.max(...segment.mock.calls.map(([text]) => text.length))).toBeLessThanOrEqual(LIMIT);
    segment.mockRestore();
    // A binary search over the limit, and a few candidates before it.
    expect(built).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(LIMIT)));
  });
});
