import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const REGISTER = './scripts/typescript/register.mjs';
const MODULE = './src/platform/logging/logging.module.ts';
/** The options are those of util-linux. */
const hasTerminal = spawnSync('script', ['--version']).status === 0;

/** Arguments for a Node.js process that logs one line. */
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

describe('the log format', () => {
  it('is JSON when standard output is a pipe', () => {
    expect(JSON.parse(intoPipe({}))).toMatchObject({ level: 30, role: 'all', uid: 'ann', msg: 'test.line' });
  });

  it('tells processes that share an output apart', () => {
    const options = { isShared: true, pid: 77 };
    expect(JSON.parse(intoPipe(options))).toMatchObject({ role: 'all', pid: 77, msg: 'test.line' });
    expect(intoPipe({ ...options, format: 'pretty' })).toMatch(/INFO \(77\): test\.line/);
  });

  it('is coloured text with LOG_FORMAT=pretty', () => {
    expect(intoPipe({ format: 'pretty' })).toMatch(/^\[[\d:.]+\] INFO: test\.line \{"uid":"ann"\}\n$/);
  });
});

(hasTerminal ? describe : describe.skip)('the log format in a terminal', () => {
  it('is coloured text unless LOG_FORMAT=json', () => {
    expect(intoTerminal({})).toMatch(/INFO.*test\.line/);
    expect(JSON.parse(intoTerminal({ format: 'json' }))).toMatchObject({ msg: 'test.line' });
  });
});
