import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import type { CallbackReader } from '../../../providers/callback.js';
import { isGenuine, readCallback } from './callback-request.js';

/** What Fastify makes of a request, as far as it is read. */
const came = (url: string, change: object = {}): FastifyRequest =>
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
  it('has the address as the vendor called it, and keeps our secret from its reader', () => {
    const { request, secret } = readCallback(
      came('/callbacks/a/sms/b/status?x=1&secret=s%2B1&x=2'),
      'https://sms.example/gw',
    );
    expect(request.url).toBe('https://sms.example/gw/callbacks/a/sms/b/status?x=1&secret=s%2B1&x=2');
    expect(secret).toBe('s+1');
    expect(request.query.toString()).toBe('x=1&x=2');
    expect(request.headers).toMatchObject({ 'x-many': 'a, b' });
    expect(request.body.toString()).toBe('{"a":1}');
  });

  it('without PUBLIC_URL believes the request itself, and no proxy that is not trusted', () => {
    const { request, secret } = readCallback(came('/callbacks/a/sms/b/status'), undefined);
    expect(request.url).toBe('http://bellhop.internal:3000/callbacks/a/sms/b/status');
    expect(secret).toBeUndefined();
  });

  it('of a request without a body has an empty one', () => {
    const { request } = readCallback(came('/x', { method: 'GET', body: undefined }), undefined);
    expect([request.method, request.body.length]).toEqual(['GET', 0]);
  });
});

describe('isGenuine', () => {
  const reader = (isSigned?: CallbackReader['isSigned']): CallbackReader => ({
    isSigned,
    readStatus: () => [],
  });
  const SECRET = 'a-secret-of-our-own';
  const withRight = readCallback(came(`/x?secret=${SECRET}`), undefined);
  const withWrong = readCallback(came('/x?secret=another'), undefined);
  const without = readCallback(came('/x'), undefined);

  it.each([
    ['no key, no secret', undefined, undefined, withRight, false],
    ['no key, the right secret', undefined, SECRET, withRight, true],
    ['no key, a wrong secret', undefined, SECRET, withWrong, false],
    ['no key, none given', undefined, SECRET, without, false],
    ['signed', () => true, undefined, without, true],
    ['signed, told later', async () => true, undefined, without, true],
    ['signed, with a wrong secret', () => true, SECRET, withWrong, true],
    ['not signed, with the right secret', () => false, SECRET, withRight, false],
    ['not signed, told later', async () => false, SECRET, withRight, false],
  ])('%s', async (_name, isSigned, callbackSecret, callback, expected) => {
    expect(await isGenuine(callback, reader(isSigned), callbackSecret)).toBe(expected);
  });

  it.each([
    ['instead', 'signed, without the secret', true, SECRET, without, true],
    ['instead', 'not signed, with the secret', false, SECRET, withRight, true],
    ['instead', 'not signed, with a wrong secret', false, SECRET, withWrong, false],
    ['instead', 'not signed, where there is no secret', false, undefined, withRight, false],
    ['beside', 'signed, with the secret', true, SECRET, withRight, true],
    ['beside', 'signed, without the secret', true, SECRET, without, false],
    ['beside', 'signed, with a wrong secret', true, SECRET, withWrong, false],
    ['beside', 'signed, where there is no secret', true, undefined, without, true],
    ['beside', 'not signed, with the secret', false, SECRET, withRight, false],
  ] as const)('%s: %s', async (role, _name, isSigned, callbackSecret, callback, expected) => {
    const either: CallbackReader = { ...reader(() => isSigned), secretOf: () => role };
    expect(await isGenuine(callback, either, callbackSecret)).toBe(expected);
  });
});
