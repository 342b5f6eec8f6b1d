import { hash, scrypt, timingSafeEqual } from 'node:crypto';
import type { PasswordHash } from '../config/credential-forms.js';
import { GatewayError } from '../errors/gateway-error.js';

/** Passwords that may wait for a computation of scrypt, of which each process runs one at a time. */
const MAX_WAITING = 20;

/** Compares passwords with hashes, in constant time. */
export class PasswordCheck {
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();

  /** @throws GatewayError `AUTH.TOO_MANY_ATTEMPTS` if too many passwords wait. */
  async isRight(password: string, expected: PasswordHash): Promise<boolean> {
    if (expected.kind === 'sha256') return timingSafeEqual(hash('sha256', password, 'buffer'), expected.hash);
    if (this.waiting >= MAX_WAITING)
      throw new GatewayError('AUTH.TOO_MANY_ATTEMPTS', { retryAfterSeconds: 2 });
    this.waiting += 1;
    const mine = this.last.then(() => scryptOf(password, expected));
    this.last = mine.catch(() => undefined);
    try {
      return timingSafeEqual(await mine, expected.hash);
    } finally {
      this.waiting -= 1;
    }
  }
}

function scryptOf(password: string, expected: Extract<PasswordHash, { kind: 'scrypt' }>): Promise<Buffer> {
  const { cost, blockSize, parallelization, salt } = expected;
  const maxmem = 256 * cost * blockSize + 256 * blockSize * parallelization;
  return new Promise((resolve, reject) => {
    scrypt(
      password,
      salt,
      expected.hash.length,
      { cost, blockSize, parallelization, maxmem },
      (error, derived) => {
        if (error) reject(error);
        else resolve(derived);
      },
    );
  });
}
