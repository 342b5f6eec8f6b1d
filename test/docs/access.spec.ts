import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PasswordCheck } from '../../src/platform/auth/password-check.js';
import { readPasswordHash } from '../../src/platform/config/credential-forms.js';

const [, script = ''] = /^node -e '(.+)'$/m.exec(readFileSync('docs/access.md', 'utf8')) ?? [];

describe('the command of docs/access.md that hashes a password', () => {
  it.each(['a long password', 'käse', ''])(
    'writes a hash that the gateway accepts for "%s"',
    async (password) => {
      const { stdout } = spawnSync(process.execPath, ['-e', script], {
        input: `${password}\n`,
        encoding: 'utf8',
        env: {},
      });
      const expected = readPasswordHash(stdout.trim());
      if (expected?.kind !== 'scrypt') throw new Error(`This is no hash: ${stdout}`);
      const check = new PasswordCheck();
      expect(await check.isRight(password, expected)).toBe(true);
      expect(await check.isRight(`${password} `, expected)).toBe(false);
    },
  );
});
