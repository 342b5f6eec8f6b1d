import { describe, expect, it } from '@jest/globals';
import { TimeLimitExceeded, within } from './within.js';

const never = new Promise<never>(() => undefined);

describe('within', () => {
  it('returns the result of work that is in time', async () => {
    await expect(within(10_000, Promise.resolve('done'))).resolves.toBe('done');
  });

  it('throws the error of work that is in time', async () => {
    await expect(within(10_000, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  });

  it('throws TimeLimitExceeded at the limit', async () => {
    await expect(within(5, never)).rejects.toThrow(new TimeLimitExceeded(5));
  });

  it('throws the given error at the limit', async () => {
    await expect(within(5, never, ({ limitMs }) => new Error(`${limitMs} ms`))).rejects.toThrow(/^5 ms$/);
  });
});
