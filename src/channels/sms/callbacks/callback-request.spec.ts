import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import type { CallbackReader } from '../../../providers/callback.js';
import { isGenuine, readCallback } from './callback-request.js';

/** The fields of a Fastify request that are read. */
const received = (url: string, change: object = {}): FastifyRequest =>
  Object.assign({
    method: 'POST',
    url,
    protocol: 'http',
    host: 'bellhop.internal:3000',
    headers: { host: 'bellhop.internal:3000', 'x-forwarded-host': 'evil.example', 'x-many': ['a', 'b'] },
    body: Buffer.from('{"a":1}'),
    ...change,
  }) as FastifyRequest;

describe('readCallback', () => {
  it('restores the URL that the vendor called and removes the secret from the query', () => {
    const { request, secret } = readCallback(
      received('/callbacks/a/sms/b/status?x=1&secret=s%2B1&x=2'),
      'https://sms.example/gw',
    );
    expect(request.url).toBe('https://sms.example/gw/callbacks/a/sms/b/status?x=1&secret=s%2B1&x=2');
    expect(secret).toBe('s+1');
    expect(request.query.toString()).toBe('x=1&x=2');
    expect(request.headers).toMatchObject({ 'x-many': 'a, b' });
    expect(request.body.toString()).toBe('{"a":1}');
  });

  it('uses the request’s own host without PUBLIC_URL and ignores untrusted proxy headers', () => {
    const { request, secret } = readCallback(received('/callbacks/a/sms/b/status'), undefined);
    expect(request.url).toBe('http://bellhop.internal:3000/callbacks/a/sms/b/status');
    expect(secret).toBeUndefined();
  });

  it('has an empty body for a request without one', () => {
    const { request } = readCallback(received('/x', { method: 'GET', body: undefined }), undefined);
    expect([request.method, request.body.length]).toEqual(['GET', 0]);
  });
});

describe('isGenuine', () => {
  const reader = (isSigned?: CallbackReader['isSigned']): CallbackReader => ({
    isSigned,
    readStatus: () => [],
  });
  const SECRET = 'a-secret-of-our-own';
  const withRight = readCallback(received(`/x?secret=${SECRET}`), undefined);
  const withWrong = readCallback(received('/x?secret=another'), undefined);
  const without = readCallback(received('/x'), undefined);

  it.each([
    ['no key, no secret', undefined, undefined, withRight, false],
    ['no key, the right secret', undefined, SECRET, withRight, true],
    ['no key, a wrong secret', undefined, SECRET, withWrong, false],
    ['no key, no secret in the request', undefined, SECRET, without, false],
    ['signed', () => true, undefined, without, true],
    ['signed, verified asynchronously', async () => true, undefined, without, true],
    ['signed, with a wrong secret', () => true, SECRET, withWrong, true],
    ['not signed, with the right secret', () => false, SECRET, withRight, false],
    ['not signed, verified asynchronously', async () => false, SECRET, withRight, false],
  ])('%s', async (_name, isSigned, callbackSecret, callback, expected) => {
    expect(await isGenuine(callback, reader(isSigned), callbackSecret)).toBe(expected);
  });

  it.each([
    ['instead', 'signed, without the secret', true, SECRET, without, true],
    ['instead', 'not signed, with the secret', false, SECRET, withRight, true],
    ['instead', 'not signed, with a wrong secret', false, SECRET, withWrong, false],
    ['instead', 'not signed, no secret configured', false, undefined, withRight, false],
    ['beside', 'signed, with the secret', true, SECRET, withRight, true],
    ['beside', 'signed, without the secret', true, SECRET, without, false],
    ['beside', 'signed, with a wrong secret', true, SECRET, withWrong, false],
    ['beside', 'signed, no secret configured', true, undefined, without, true],
    ['beside', 'not signed, with the secret', false, SECRET, withRight, false],
  ] as const)('secretOf %s: %s', async (role, _name, isSigned, callbackSecret, callback, expected) => {
    const either: CallbackReader = { ...reader(() => isSigned), secretOf: () => role };
    expect(await isGenuine(callback, either, callbackSecret)).toBe(expected);
  });
});
