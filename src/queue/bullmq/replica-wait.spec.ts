import { describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { howToConfirm } from './replica-wait.js';

/** A server with these answers; only Redis from 7.2 on supports WAITAOF. */
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

describe('howToConfirm', () => {
  it.each([
    [
      'confirms writes on disk if the server has WAITAOF and syncs its log on every write',
      [['waitaof']],
      'always',
      'WAITAOF 0 1 500',
    ],
    ['confirms writes in memory if the log is synced once a second', [['waitaof']], 'everysec', 'WAIT 1 500'],
    ['confirms writes in memory if the server has no WAITAOF', [null], 'always', 'WAIT 1 500'],
  ])('%s', async (_, known, fsync, expected) => {
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

  it('confirms writes in memory if CONFIG is not permitted', async () => {
    const { redis } = server({ 'COMMAND INFO WAITAOF': [['waitaof']], 'WAIT 2 500': 2 });
    const confirm = await howToConfirm(redis);
    expect(await confirm(redis, 2)).toBe(2);
  });
});
