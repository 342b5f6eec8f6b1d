import { scryptSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { PasswordHash } from '../config/credential-forms.js';
import { GatewayError } from '../errors/gateway-error.js';
import { PasswordCheck } from './password-check.js';

const salt = Buffer.from('salt of a test');
const costs = { cost: 1_024, blockSize: 8, parallelization: 1 };
const EXPECTED: PasswordHash = { kind: 'scrypt', ...costs, salt, hash: scryptSync('right', salt, 32, costs) };

describe('PasswordCheck', () => {
  it('lets 20 passwords wait and refuses more, until some are checked', async () => {
    const check = new PasswordCheck();
    const results = await Promise.allSettled(
      Array.from({ length: 25 }, (_, index) => check.isRight(index === 0 ? 'right' : 'wrong', EXPECTED)),
    );
    const answers = results.map((result) =>
      result.status === 'fulfilled' ? result.value : (result.reason as unknown),
    );
    expect(answers.slice(0, 20)).toEqual([true, ...Array<boolean>(19).fill(false)]);
    for (const refusal of answers.slice(20)) {
      expect(refusal).toBeInstanceOf(GatewayError);
      expect(refusal).toMatchObject({ code: 'AUTH.TOO_MANY_ATTEMPTS', retryAfterSeconds: 2 });
    }
    expect(await check.isRight('right', EXPECTED)).toBe(true);
  });
});
