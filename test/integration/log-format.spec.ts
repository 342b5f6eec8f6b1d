import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const REGISTER = './scripts/typescript/register.mjs';
const MODULE = './src/platform/logging/logging.module.ts';
/** util-linux; that of other systems has other arguments. */
const hasTerminal = spawnSync('script', ['--version']).status === 0;

/** A Node.js command line that logs one line. */
const command = (options: object): string[] => [
  ...['--import', 'reflect-metadata', '--import', REGISTER, '--input-type=module', '--eval'],
  `const { createLogger } = await import('${MODULE}');
   createLogger({ level: 'info', role: 'all', ...${JSON.stringify(options)} }).info({ uid: 'ann' }, 'test.line');`,
];
const intoPipe = (options: object): string =>
  execFileSync(process.execPath, command(options), { encoding: 'utf8' });
const intoTerminal = (options: object): string => {
  const quoted = [process.execPath, ...command(options)].map(
    (arg) => `'${arg.replaceAll("'", String.raw`'\''`)}'`,
  );
  return execFileSync('script', ['--quiet', '--return', '--command', quoted.join(' '), '/dev/null'], {
    encoding: 'utf8',
  });
};

describe('the log', () => {
  it('is JSON lines where standard output is a pipe', () => {
    expect(JSON.parse(intoPipe({}))).toMatchObject({ level: 30, role: 'all', uid: 'ann', msg: 'test.line' });
  });

  it('is coloured lines with LOG_FORMAT=pretty', () => {
    expect(intoPipe({ format: 'pretty' })).toMatch(/^\[[\d:.]+\] INFO: test\.line \{"uid":"ann"\}\n$/);
  });
});

(hasTerminal ? describe : describe.skip)('the log in a terminal', () => {
  it('is coloured lines, unless LOG_FORMAT=json', () => {
    expect(intoTerminal({})).toMatch(/INFO.*test\.line/);
    expect(JSON.parse(intoTerminal({ format: 'json' }))).toMatchObject({ msg: 'test.line' });
  });
});
