import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  SmsRateLimiter,
  type RateReservation,
} from '../../../src/channels/sms/rate-limit/sms-rate-limiter.js';
import type { ProviderAccount } from '../../../src/deliveries/provider-state.repository.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';

const account: ProviderAccount = { appId: 'app123', channel: 'sms', provider: 'smpp' };

let postgres: TestPostgres;
let pools: [pg.Pool, pg.Pool];
let pacers: [SmsRateLimiter, SmsRateLimiter];
beforeAll(async () => {
  postgres = await startPostgres();
  const connect = (): pg.Pool => {
    const pool = new pg.Pool({ connectionString: postgres.url, max: 4 });
    // The server ends before the last idle connection has said goodbye.
    pool.on('error', () => undefined);
    return pool;
  };
  pools = [connect(), connect()];
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await postgres.close();
});
// Two pacers with a pool each: what two processes have.
beforeEach(async () => {
  await pools[0].query('TRUNCATE sms_pace');
  pacers = [new SmsRateLimiter(pools[0]), new SmsRateLimiter(pools[1])];
});

const ask = (count: number, perSecond: number, own = account): Promise<RateReservation[]> =>
  Promise.all(
    Array.from({ length: count }, (_, index) => pacers[index % 2 === 0 ? 0 : 1].reserve(own, perSecond)),
  );
/** The moments at which texts may leave, the first one first. */
const moments = (slots: readonly RateReservation[]): number[] =>
  slots.flatMap((reserve) => (reserve.taken ? [reserve.atMs] : [])).toSorted((a, b) => a - b);
const waits = (slots: readonly RateReservation[]): number[] =>
  slots.flatMap((reserve) => (reserve.taken ? [] : [reserve.waitMs])).toSorted((a, b) => a - b);
/** Slots that were left empty: between one that was taken and the next, which was asked for before its turn. */
const gaps = (slots: readonly RateReservation[], perSecond: number): [number, number][] => {
  const stepMs = Math.ceil(1_000 / perSecond);
  const taken = slots.filter((reserve) => reserve.taken).toSorted((a, b) => a.atMs - b.atMs);
  return taken.flatMap(({ atMs, waitMs }, index): [number, number][] => {
    const before = taken[index - 1]?.atMs ?? atMs;
    return atMs - before > stepMs && waitMs > stepMs ? [[before, atMs]] : [];
  });
};
/** How many of these lie within one second at most. */
const mostInASecond = (sorted: readonly number[]): number =>
  Math.max(
    ...sorted.map((from, index) => sorted.slice(index).filter((moment) => moment < from + 1_000).length),
  );
const databaseNow = async (): Promise<number> => {
  const { rows } = await pools[0].query<{ now: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now',
  );
  return rows[0]?.now ?? Number.NaN;
};

describe('slots', () => {
  it('are never more than the rate in any second, whichever process takes them', async () => {
    const fill = async (perSecond: number, enough: number): Promise<void> => {
      const own = { ...account, provider: `at-${perSecond}` };
      const slots: RateReservation[] = [];
      while (moments(slots).length < enough) {
        slots.push(...(await ask(Math.max(200, perSecond), perSecond, own)));
        await sleep(20);
      }
      expect([perSecond, mostInASecond(moments(slots)) <= perSecond]).toEqual([perSecond, true]);
      // And no slot that was asked for is left empty.
      expect([perSecond, gaps(slots, perSecond)]).toEqual([perSecond, []]);
    };
    await Promise.all([fill(1, 3), fill(7, 20), fill(60, 150), fill(333, 800), fill(3_000, 4_000)]);
  });

  it('lie as close as the rate allows while there are those who ask', async () => {
    const [first, ...others] = moments(
      await Promise.all(Array.from({ length: 40 }, () => pacers[0].reserve(account, 50))),
    );
    if (first === undefined) throw new Error('Nobody got one.');
    expect(others).toEqual(Array.from({ length: 39 }, (_, index) => first + 20 * (index + 1)));
  });

  it('lie within a second, and are not in the past', async () => {
    const before = await databaseNow();
    const slots = await ask(500, 100);
    const after = await databaseNow();
    const taken = moments(slots);
    expect(taken[0]).toBeGreaterThanOrEqual(before);
    expect(taken.at(-1)).toBeLessThanOrEqual(after + 1_000);
    for (const reserve of slots) {
      if (!reserve.taken) continue;
      expect(reserve.waitMs).toBeGreaterThanOrEqual(0);
      expect(reserve.waitMs).toBeLessThanOrEqual(1_000);
      expect(reserve.atMs - reserve.waitMs).toBeLessThanOrEqual(after + 1);
    }
  });

  it('are as many as a text has parts, and the next text comes after them', async () => {
    const places = [3, 1, 4, 2, 3];
    const slots = await Promise.all(places.map((count) => pacers[0].reserve(account, 20, count)));
    const [first, ...others] = moments(slots);
    if (first === undefined) throw new Error('Nobody got one.');
    expect(others).toEqual([3, 4, 8, 10].map((before) => first + 50 * before));
    const next = await pacers[1].reserve(account, 20);
    expect(next).toMatchObject({ taken: true, atMs: first + 50 * 13 });
  });

  it('may lie beyond a second for the parts of a text that begins within it', async () => {
    const [first, second] = await Promise.all([20, 1].map((count) => pacers[0].reserve(account, 10, count)));
    expect(first).toMatchObject({ taken: true });
    expect(second).toMatchObject({ taken: false });
    const { rows } = await pools[0].query<{ ahead: number }>(
      'SELECT (extract(epoch FROM next_at) * 1000)::float8 AS ahead FROM sms_pace',
    );
    expect(rows[0]?.ahead).toBe((first?.taken ? first.atMs : Number.NaN) + 2_000);
  });

  it('come soon to an account that was idle, and those that it let pass are lost', async () => {
    await ask(1, 10);
    await pools[0].query(`UPDATE sms_pace SET next_at = now() - interval '1 hour'`);
    const before = await databaseNow();
    const slots = await ask(200, 10);
    expect(moments(slots)[0]).toBeGreaterThanOrEqual(before);
    expect(moments(slots)[0]).toBeLessThanOrEqual((await databaseNow()) + 100);
    expect(mostInASecond(moments(slots))).toBe(10);
  });

  it('are each account’s own', async () => {
    const [first, second, third] = await Promise.all([
      ask(300, 20),
      ask(300, 20, { ...account, provider: 'twilio' }),
      ask(300, 20, { ...account, appId: 'app456' }),
    ]);
    for (const slots of [first, second, third]) expect(moments(slots).length).toBeGreaterThanOrEqual(20);
  });

  it('are given in the order of those who ask', async () => {
    const slots = await Promise.all(Array.from({ length: 30 }, () => pacers[0].reserve(account, 100)));
    const order = slots.map((reserve) => (reserve.taken ? reserve.atMs : Number.NaN));
    expect(order).toEqual(moments(slots));
  });
});

describe('those who find no slot', () => {
  it('take nothing, and come back spread out', async () => {
    const before = await databaseNow();
    const slots = await ask(220, 10);
    const askedForMs = (await databaseNow()) - before;
    const sentAway = waits(slots);
    // A slot is taken a second ahead at most.
    expect(moments(slots).length).toBeLessThanOrEqual(1 + (10 * (askedForMs + 1_000)) / 1_000);
    for (const waitMs of sentAway) {
      expect(waitMs).toBeGreaterThanOrEqual(75);
      expect(waitMs).toBeLessThanOrEqual(30_000);
    }
    // From two processes, at most twice as fast each as there are slots, a quarter of the time earlier at most.
    expect(sentAway.at(-1)).toBeGreaterThanOrEqual(0.75 * (sentAway.length / 2 - 1) * 50 - 1);
    const { rows } = await pools[0].query<{ ahead: number }>(
      'SELECT (extract(epoch FROM next_at - clock_timestamp()) * 1000)::float8 AS ahead FROM sms_pace',
    );
    expect(rows[0]?.ahead).toBeLessThanOrEqual(1_100);
  });

  it('stay away for no longer than half a minute, however long the line', async () => {
    for (let round = 0; round < 5; round++) await ask(500, 1);
    const sentAway = waits(await ask(100, 1));
    expect(sentAway[0]).toBeGreaterThan(20_000);
    expect(sentAway.at(-1)).toBeLessThanOrEqual(30_000);
  });
});

describe('the database', () => {
  it('that is away gives no slot', async () => {
    const nowhere = new pg.Pool({ connectionString: 'postgresql://127.0.0.1:1/none' });
    await expect(new SmsRateLimiter(nowhere).reserve(account, 10)).rejects.toThrow('ECONNREFUSED');
    await nowhere.end();
  });
});
