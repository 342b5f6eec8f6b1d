import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { signEs256 } from './sign-es256.js';

describe('signEs256', () => {
  // RFC 6979, A.2.5
  const key = Buffer.from('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721', 'hex');
  it.each([
    [
      'sample',
      'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
        'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
    ],
    [
      'test',
      'f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367' +
        '019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083',
    ],
  ])('signs %j like RFC 6979', (message, expected) => {
    expect(signEs256(message, key).toString('hex')).toBe(expected);
  });

  it('creates valid signatures with any key', () => {
    for (let i = 0; i < 50; i++) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const { d = '' } = privateKey.export({ format: 'jwk' });
      const signature = signEs256(`message ${i}`, Buffer.from(d, 'base64url'));
      const by = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
      expect(verify('sha256', Buffer.from(`message ${i}`), by, signature)).toBe(true);
    }
  });
});
