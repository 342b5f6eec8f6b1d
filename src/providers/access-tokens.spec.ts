import { describe, expect, it } from '@jest/globals';
import { AccessTokens, type AccessToken } from './access-tokens.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A token endpoint with manual responses, and a manual clock. */
class Google {
  now = 1_000_000;
  readonly waiting: { resolve: (token: AccessToken) => void; reject: (error: Error) => void }[] = [];
  fetches = 0;
  readonly tokens = new AccessTokens({
    fetch: () =>
      new Promise<AccessToken>((resolve, reject) => {
        this.fetches += 1;
        this.waiting.push({ resolve, reject });
      }),
    now: () => this.now,
  });

  /** Answers the oldest request and lets its waiting callers continue. */
  async answer(value: string, lifeMs = HOUR_MS): Promise<void> {
    this.waiting.shift()?.resolve({ value, servesMs: lifeMs });
    await new Promise((resolve) => setImmediate(resolve));
  }

  async fail(): Promise<void> {
    this.waiting.shift()?.reject(new Error('Google is away'));
    await new Promise((resolve) => setImmediate(resolve));
  }

  get(signal = new AbortController().signal): Promise<string> {
    return this.tokens.get(signal);
  }
}

async function holding(value: string): Promise<Google> {
  const google = new Google();
  const first = google.get();
  await google.answer(value);
  await first;
  return google;
}

describe('AccessTokens', () => {
  it('shares a fetch among concurrent callers', async () => {
    const google = new Google();
    const all = Promise.all([google.get(), google.get(), google.get()]);
    await google.answer('one');
    expect(await all).toEqual(['one', 'one', 'one']);
    expect(google.fetches).toBe(1);
  });

  it('renews before expiry while the old token is used', async () => {
    const google = await holding('old');
    google.now += HOUR_MS - 5 * MINUTE_MS - 1;
    expect(await google.get()).toBe('old');
    expect(google.fetches).toBe(1);
    google.now += 1;
    expect(await Promise.all([google.get(), google.get()])).toEqual(['old', 'old']);
    expect(google.fetches).toBe(2);
    await google.answer('new');
    expect(await google.get()).toBe('new');
  });

  it('survives failed renewals and delays the next one', async () => {
    const google = await holding('old');
    google.now += HOUR_MS - 4 * MINUTE_MS;
    expect(await google.get()).toBe('old');
    await google.fail();
    expect(await google.get()).toBe('old');
    expect(google.fetches).toBe(2);
    google.now += 10_000;
    expect(await google.get()).toBe('old');
    expect(google.fetches).toBe(3);
  });

  it('waits for a new token shortly before expiry', async () => {
    const google = await holding('old');
    google.now += HOUR_MS - 30_000;
    const next = google.get();
    await google.answer('new');
    expect(await next).toBe('new');
  });

  it('passes a fetch error to all waiting callers and fetches again for the next', async () => {
    const google = new Google();
    const both = Promise.allSettled([google.get(), google.get()]);
    await google.fail();
    expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const next = google.get();
    await google.answer('new');
    expect(await next).toBe('new');
  });

  it('aborts one waiting caller without affecting the others', async () => {
    const google = new Google();
    const stop = new AbortController();
    const leaving = google.get(stop.signal);
    const staying = google.get();
    stop.abort();
    await expect(leaving).rejects.toMatchObject({ name: 'SendAborted' });
    await google.answer('one');
    expect(await staying).toBe('one');
  });

  it('drops a refused token that was accepted before', async () => {
    const google = await holding('old');
    google.tokens.accepted('old');
    expect(google.tokens.refused('old')).toBe(true);
    const next = google.get();
    await google.answer('new');
    expect(await next).toBe('new');
    // A late refusal of the old token does not affect the new one.
    expect(google.tokens.refused('old')).toBe(true);
    expect(await google.get()).toBe('new');
  });

  it('keeps a refused token that was never accepted for 30 seconds', async () => {
    const google = await holding('bad');
    expect(google.tokens.refused('bad')).toBe(false);
    expect(await google.get()).toBe('bad');
    google.now += 30_000;
    expect(google.tokens.refused('bad')).toBe(false);
    const next = google.get();
    await google.answer('good');
    expect(await next).toBe('good');
  });
});
