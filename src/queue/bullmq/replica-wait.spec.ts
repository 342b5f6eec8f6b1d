import { describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { howToConfirm } from './replica-wait.js';

/** Answers as the servers of a version do; only Redis from 7.2 on has the second way. */
function server(answers: Readonly<Record<string, unknown>>): { redis: Redis; asked: string[] } {
  const asked: string[] = [];
  const call = async (...words: unknown[]): Promise<unknown> => {
    asked.push(words.join(' '));
    const answer = answers[words.join(' ')];
    if (answer === undefined)
      throw new Error("NOPERM this user has no permissions to run the 'config' command");
    return answer;
  };
  const wait = (...words: unknown[]): Promise<unknown> => call('WAIT', ...words);
  return { redis: { call, wait } as unknown as Redis, asked };
}

describe('what replicas can confirm', () => {
  it.each([
    [
      'is on disk, where the server can tell and writes its log through',
      [['waitaof']],
      'always',
      'WAITAOF 0 1 500',
    ],
    ['is in memory, where it writes its log once a second', [['waitaof']], 'everysec', 'WAIT 1 500'],
    ['is in memory, where the server cannot tell more', [null], 'always', 'WAIT 1 500'],
  ])('%s', async (_what, known, fsync, expected) => {
    const { redis, asked } = server({
      'COMMAND INFO WAITAOF': known,
      'CONFIG GET appendfsync': ['appendfsync', fsync],
      'WAITAOF 0 1 500': [0, 1],
      'WAIT 1 500': 1,
    });
    const confirm = await howToConfirm(redis);
    expect(await confirm(redis, 1)).toBe(1);
    expect(asked.at(-1)).toBe(expected);
  });

  it('is in memory, where the server must not be asked', async () => {
    const { redis } = server({ 'COMMAND INFO WAITAOF': [['waitaof']], 'WAIT 2 500': 2 });
    const confirm = await howToConfirm(redis);
    expect(await confirm(redis, 2)).toBe(2);
  });
});
