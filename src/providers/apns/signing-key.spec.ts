import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SigningKey, signingKeyOf } from './signing-key.js';

const MINUTE_MS = 60_000;
/** Start of a period by token time; by the clock it starts a minute later. */
const BEGAN_MS = 1_133_333 * 25 * MINUTE_MS;
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const settings = { key: pem, keyId: 'KEY', teamId: 'TEAM' };

/** @returns a key and functions that let time pass or step the clock. */
function clocked(): { key: SigningKey; pass: (minutes: number) => void; step: (minutes: number) => void } {
  let stepped = BEGAN_MS + MINUTE_MS;
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
  it('signs a token in the format of APNs', () => {
    const { key } = clocked();
    const [header, claims, signature] = key.token().split('.');
    expect(decode(header)).toEqual({ alg: 'ES256', kid: 'KEY' });
    expect(decode(claims)).toEqual({ iss: 'TEAM', iat: BEGAN_MS / 1_000 });
    const signed = Buffer.from(`${header}.${claims}`);
    const by = { key: pair.publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(verify('sha256', signed, by, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
  });

  it('issues the same token to all processes within a period', () => {
    const others = [0, 1, 12, 24.9].map((minutes) => {
      const other = clocked();
      other.pass(minutes);
      return other.key.token();
    });
    expect(new Set(others)).toEqual(new Set([clocked().key.token()]));
  });

  it('renews the token every 25 minutes, simultaneously in all processes', () => {
    const [early, late] = [clocked(), clocked()];
    late.pass(20);
    const first = early.key.token();
    expect(late.key.token()).toBe(first);
    early.pass(24.9);
    late.pass(4.9);
    expect([early.key.token(), late.key.token()]).toEqual([first, first]);
    for (const { pass } of [early, late]) pass(0.1);
    const second = early.key.token();
    expect(second).not.toBe(first);
    expect(late.key.token()).toBe(second);
    expect(decode(second.split('.')[1])).toEqual({ iss: 'TEAM', iat: (BEGAN_MS + 25 * MINUTE_MS) / 1_000 });
  });

  it.each([-60, 60])('keeps the token when the clock steps by %i minutes', (minutes) => {
    const { key, pass, step } = clocked();
    const first = key.token();
    step(minutes);
    pass(24.9);
    expect(key.token()).toBe(first);
    pass(0.1);
    expect(key.token()).not.toBe(first);
  });

  it('replaces a refused token only after the end of its period', () => {
    const { key, pass, step } = clocked();
    const first = key.token();
    pass(24.9);
    expect(key.refused(first)).toBe(false);
    expect(key.token()).toBe(first);
    // The machine was asleep: only the wall clock advanced.
    step(120);
    expect(key.refused(first)).toBe(true);
    const second = key.token();
    expect(second).not.toBe(first);
    // Many pushes may have used the first token: it is replaced once.
    expect(key.refused(first)).toBe(true);
    expect(key.token()).toBe(second);
    expect(key.refused(second)).toBe(false);
  });

  it('rejects other kinds of keys without showing them', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
    const key = rsa.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => new SigningKey({ ...settings, key })).toThrow('key is not on P-256');
    expect(() => new SigningKey({ ...settings, key: 'rubbish' })).toThrow(
      /^key is not a private key in PEM$/,
    );
  });
});

describe('signingKeyOf', () => {
  it('returns one signing key for all accounts with the same key', () => {
    expect(signingKeyOf({ ...settings })).toBe(signingKeyOf({ ...settings }));
    expect(signingKeyOf(settings)).not.toBe(signingKeyOf({ ...settings, keyId: 'OTHER' }));
  });
});
