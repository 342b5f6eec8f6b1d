import { createECDH, createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import webpush from 'web-push';
import { Vapid } from './vapid.js';

const HOUR_MS = 3_600_000;
const NOW = 1_700_000_000_000;
const { publicKey, privateKey } = webpush.generateVAPIDKeys();
const settings = { publicKey, privateKey, subject: 'mailto:ops@example.com' };
const ORIGIN = 'https://push.example.com';

const decode = (part: string | undefined): unknown =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString());

describe('Vapid', () => {
  it('signs the sender identity for an origin', () => {
    const header = new Vapid(settings, () => NOW).authorizationFor(ORIGIN).header();
    const [, token, key] = /^vapid t=([^,]+), k=(.+)$/.exec(header) ?? [];
    expect(key).toBe(publicKey);
    const [head, claims, signature] = token?.split('.') ?? [];
    expect(decode(head)).toEqual({ typ: 'JWT', alg: 'ES256' });
    expect(decode(claims)).toEqual({ aud: ORIGIN, exp: (NOW + 12 * HOUR_MS) / 1_000, sub: settings.subject });
    const point = Buffer.from(publicKey, 'base64url');
    const x = point.toString('base64url', 1, 33);
    const y = point.toString('base64url', 33);
    const verifier = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
    const by = { key: verifier, dsaEncoding: 'ieee-p1363' } as const;
    const signed = Buffer.from(`${head}.${claims}`);
    expect(verify('sha256', signed, by, Buffer.from(signature ?? '', 'base64url'))).toBe(true);
  });

  it('signs again after six hours, well before expiry', () => {
    let now = NOW;
    const authorization = new Vapid(settings, () => now).authorizationFor(ORIGIN);
    const first = authorization.header();
    now += 6 * HOUR_MS - 1;
    expect(authorization.header()).toBe(first);
    now += 1;
    expect(authorization.header()).not.toBe(first);
  });

  it('rejects mismatched keys without showing them', () => {
    const other = createECDH('prime256v1').generateKeys().toString('base64url');
    expect(() => new Vapid({ ...settings, publicKey: other })).toThrow(
      /^publicKey does not belong to privateKey$/,
    );
    const none = 'A'.repeat(43);
    expect(() => new Vapid({ ...settings, privateKey: none })).toThrow(/^privateKey is not a key on P-256$/);
  });
});
