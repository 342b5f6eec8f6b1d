import { describe, expect, it } from '@jest/globals';
import { readPasswordHash } from './credential-forms.js';

const SALT = 'c2FsdHNhbHRzYWx0';
const HASH = 'aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNo';

describe('a hashed password', () => {
  it('may be a SHA-256', () => {
    expect(readPasswordHash(`sha256:${'0f'.repeat(32)}`)).toEqual({
      kind: 'sha256',
      hash: Buffer.alloc(32, 0x0f),
    });
  });

  it('may be derived by scrypt', () => {
    expect(readPasswordHash(`scrypt:16384:8:1:${SALT}:${HASH}`)).toEqual({
      ...{ kind: 'scrypt', cost: 16_384, blockSize: 8, parallelization: 1 },
      ...{ salt: Buffer.from('saltsaltsalt'), hash: Buffer.from('hashhashhashhashhashhash') },
    });
  });

  it.each([
    'hunter2',
    'sha256:0f',
    `sha256:${'0g'.repeat(32)}`,
    'scrypt:16384:8:1:c2FsdA==:aGFzaA==',
    `scrypt:16383:8:1:${SALT}:${HASH}`,
    `scrypt:512:8:1:${SALT}:${HASH}`,
    `scrypt:1048576:8:1:${SALT}:${HASH}`,
    `scrypt:16384:0:1:${SALT}:${HASH}`,
    `scrypt:16384:8:17:${SALT}:${HASH}`,
    `scrypt:16384:8:1:${SALT}`,
  ])('must be weighty and affordable: not %s', (text) => {
    expect(readPasswordHash(text)).toBeUndefined();
  });
});
