import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SigningKey, signingKeyOf } from './signing-key.js';

const MINUTE_MS = 60_000;
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const settings = { key: pem, keyId: 'KEY', teamId: 'TEAM' };

/** @returns a key, and what has time pass or steps the clock. */
function clocked(): { key: SigningKey; pass: (minutes: number) => void; step: (minutes: number) => void } {
  let stepped = 1_700_000_000_000;
  let steady = 0;
  const pass = (minutes: number): void => {
    steady += minutes * MINUTE_MS;
  };
  const step = (minutes: number): void => {
    stepped += minutes * MINUTE_MS;
  };
  return { key: new SigningKey(settings, { now: () => stepped + steady, steady: () => steady }), pass, step };
}

const decode = (part: string | undefined): unknown =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString());

describe('SigningKey', () => {
  it('signs a token as Apple wants it', () => {
    const { key } = clocked();
    const [header, claims, signature] = key.token().split('.');
    expect(decode(header)).toEqual({ alg: 'ES256', kid: 'KEY' });
    expect(decode(claims)).toEqual({ iss: 'TEAM', iat: 1_700_000_000 });
    const signed = Buffer.from(`${header}.${claims}`);
    const by = { key: pair.publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(verify('sha256', signed, by, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
  });

  it('keeps it for 50 minutes', () => {
    const { key, pass } = clocked();
    const first = key.token();
    pass(49.9);
    expect(key.token()).toBe(first);
    pass(0.1);
    const second = key.token();
    expect(second).not.toBe(first);
    pass(49.9);
    expect(key.token()).toBe(second);
  });

  it.each([-60, 60])('is no older when the clock steps by %i minutes', (minutes) => {
    const { key, pass, step } = clocked();
    const first = key.token();
    step(minutes);
    pass(49.9);
    expect(key.token()).toBe(first);
    pass(0.1);
    const claims = decode(key.token().split('.')[1]);
    expect(claims).toEqual({ iss: 'TEAM', iat: 1_700_000_000 + (minutes + 50) * 60 });
  });

  it('makes another sooner only where Apple calls it expired, and never within 20 minutes', () => {
    const { key, pass } = clocked();
    const first = key.token();
    pass(19.9);
    expect(key.expired(first)).toBe(false);
    expect(key.token()).toBe(first);
    pass(0.1);
    expect(key.expired(first)).toBe(true);
    const second = key.token();
    expect(second).not.toBe(first);
    // Many pushes may have carried the first one: it is replaced once.
    expect(key.expired(first)).toBe(true);
    expect(key.token()).toBe(second);
    expect(key.expired(second)).toBe(false);
  });

  it('takes no key of another kind, and does not show it', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
    const key = rsa.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => new SigningKey({ ...settings, key })).toThrow('key is not one on P-256');
    expect(() => new SigningKey({ ...settings, key: 'rubbish' })).toThrow(/^key is no private key in PEM$/);
  });
});

describe('signingKeyOf', () => {
  it('is one for all accounts with the same key', () => {
    expect(signingKeyOf({ ...settings })).toBe(signingKeyOf({ ...settings }));
    expect(signingKeyOf(settings)).not.toBe(signingKeyOf({ ...settings, keyId: 'OTHER' }));
  });
});
