import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import {
  SmsRateLimiter,
  type RateReservation,
} from '../../../src/channels/sms/rate-limit/sms-rate-limiter.js';
import type { ProviderAccount } from '../../../src/deliveries/provider-state.repository.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';

let postgres: TestPostgres;
let pools: [pg.Pool, pg.Pool];
let limiters: [SmsRateLimiter, SmsRateLimiter];
beforeAll(async () => {
  postgres = await startPostgres();
  const connect = (): pg.Pool => {
    const pool = new pg.Pool({ connectionString: postgres.url, max: 4 });
    // The server may close before the pool's last idle connection does.
    pool.on('error', () => undefined);
    return pool;
  };
  pools = [connect(), connect()];
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await postgres.close();
});
// Two limiters with a pool each, as in two processes.
beforeEach(async () => {
  await pools[0].query('TRUNCATE sms_pace');
  limiters = [new SmsRateLimiter(pools[0]), new SmsRateLimiter(pools[1])];
});

describe('SmsRateLimiter', () => {
  it('never exceeds the rate in any second, over all processes', async () => {
    const fill = async (perSecond: number, enough: number): Promise<void> => {
      const own = { ...account, provider: `at-${perSecond}` };
      const reservations: RateReservation[] = [];
      while (moments(reservations).length < enough) {
        reservations.push(...(await ask(Math.max(200, perSecond), perSecond, own)));
        await sleep(20);
      }
      expect([perSecond, mostInASecond(moments(reservations)) <= perSecond]).toEqual([perSecond, true]);
      // No reservation is left unused while requests wait.
      expect([perSecond, gaps(reservations, perSecond)]).toEqual([perSecond, []]);
    };
    await Promise.all([fill(1, 3), fill(7, 20), fill(60, 150), fill(333, 800), fill(3_000, 4_000)]);
  });

  it('reserves at the closest spacing that the rate allows', async () => {
    const [first, ...others] = moments(
      await Promise.all(Array.from({ length: 40 }, () => limiters[0].reserve(account, 50))),
    );
    if (first === undefined) throw new Error('No reservation was made.');
    expect(others).toEqual(Array.from({ length: 39 }, (_, index) => first + 20 * (index + 1)));
  });

  it('reserves within the next second and never in the past', async () => {
    const before = await databaseNow();
    const reservations = await ask(500, 100);
    const after = await databaseNow();
    const taken = moments(reservations);
    expect(taken[0]).toBeGreaterThanOrEqual(before);
    expect(taken.at(-1)).toBeLessThanOrEqual(after + 1_000);
    for (const reservation of reservations) {
      if (!reservation.taken) continue;
      expect(reservation.waitMs).toBeGreaterThanOrEqual(0);
      expect(reservation.waitMs).toBeLessThanOrEqual(1_000);
      expect(reservation.atMs - reservation.waitMs).toBeLessThanOrEqual(after + 1);
    }
  });

  it('reserves one place for each part of a long SMS', async () => {
    const parts = [3, 1, 4, 2, 3];
    const reservations = await Promise.all(parts.map((count) => limiters[0].reserve(account, 20, count)));
    const [first, ...others] = moments(reservations);
    if (first === undefined) throw new Error('No reservation was made.');
    expect(others).toEqual([3, 4, 8, 10].map((before) => first + 50 * before));
    const next = await limiters[1].reserve(account, 20);
    expect(next).toMatchObject({ taken: true, atMs: first + 50 * 13 });
  });

  it('reserves beyond the next second for the parts of an SMS that starts within it', async () => {
    const [first, second] = await Promise.all(
      [20, 1].map((count) => limiters[0].reserve(account, 10, count)),
    );
    expect(first).toMatchObject({ taken: true });
    expect(second).toMatchObject({ taken: false });
    const { rows } = await pools[0].query<{ ahead: number }>(
      'SELECT (extract(epoch FROM next_at) * 1000)::float8 AS ahead FROM sms_pace',
    );
    expect(rows[0]?.ahead).toBe((first?.taken ? first.atMs : Number.NaN) + 2_000);
  });

  it('answers an idle account at once, without accumulating unused reservations', async () => {
    await ask(1, 10);
    await pools[0].query(`UPDATE sms_pace SET next_at = now() - interval '1 hour'`);
    const before = await databaseNow();
    const reservations = await ask(200, 10);
    expect(moments(reservations)[0]).toBeGreaterThanOrEqual(before);
    expect(moments(reservations)[0]).toBeLessThanOrEqual((await databaseNow()) + 100);
    expect(mostInASecond(moments(reservations))).toBe(10);
  });

  it('limits each account separately', async () => {
    const [first, second, third] = await Promise.all([
      ask(300, 20),
      ask(300, 20, { ...account, provider: 'twilio' }),
      ask(300, 20, { ...account, appId: 'app456' }),
    ]);
    for (const reservations of [first, second, third])
      expect(moments(reservations).length).toBeGreaterThanOrEqual(20);
  });

  it('reserves in the order of the requests', async () => {
    const reservations = await Promise.all(
      Array.from({ length: 30 }, () => limiters[0].reserve(account, 100)),
    );
    const inOrder = reservations.map((reservation) => (reservation.taken ? reservation.atMs : Number.NaN));
    expect(inOrder).toEqual(moments(reservations));
  });
});

describe('SmsRateLimiter beyond the rate', () => {
  it('reserves nothing and spreads the retries', async () => {
    const before = await databaseNow();
    const reservations = await ask(220, 10);
    const askedForMs = (await databaseNow()) - before;
    const retryWaits = waits(reservations);
    // Reservations reach at most one second ahead.
    expect(moments(reservations).length).toBeLessThanOrEqual(1 + (10 * (askedForMs + 1_000)) / 1_000);
    for (const waitMs of retryWaits) {
      expect(waitMs).toBeGreaterThanOrEqual(75);
      expect(waitMs).toBeLessThanOrEqual(30_000);
    }
    // Two processes, each with retries at most twice as fast as the rate and up to a quarter earlier.
    expect(retryWaits.at(-1)).toBeGreaterThanOrEqual(0.75 * (retryWaits.length / 2 - 1) * 50 - 1);
    const { rows } = await pools[0].query<{ ahead: number }>(
      'SELECT (extract(epoch FROM next_at - clock_timestamp()) * 1000)::float8 AS ahead FROM sms_pace',
    );
    expect(rows[0]?.ahead).toBeLessThanOrEqual(1_100);
  });

  it('lets no request wait longer than 30 s', async () => {
    for (let round = 0; round < 5; round++) await ask(500, 1);
    const retryWaits = waits(await ask(100, 1));
    expect(retryWaits[0]).toBeGreaterThan(20_000);
    expect(retryWaits.at(-1)).toBeLessThanOrEqual(30_000);
  });
});

describe('SmsRateLimiter without a database', () => {
  it('rejects the request', async () => {
    const nowhere = new pg.Pool({ connectionString: 'postgresql://127.0.0.1:1/none' });
    await expect(new SmsRateLimiter(nowhere).reserve(account, 10)).rejects.toThrow('ECONNREFUSED');
    await nowhere.end();
  });
});

const account: ProviderAccount = { appId: 'app123', channel: 'sms', provider: 'smpp' };

const ask = (count: number, perSecond: number, own = account): Promise<RateReservation[]> =>
  Promise.all(
    Array.from({ length: count }, (_, index) => limiters[index % 2 === 0 ? 0 : 1].reserve(own, perSecond)),
  );
/** Times at which the reserved SMS may be sent, in ascending order. */
const moments = (reservations: readonly RateReservation[]): number[] =>
  reservations
    .flatMap((reservation) => (reservation.taken ? [reservation.atMs] : []))
    .toSorted((a, b) => a - b);
const waits = (reservations: readonly RateReservation[]): number[] =>
  reservations
    .flatMap((reservation) => (reservation.taken ? [] : [reservation.waitMs]))
    .toSorted((a, b) => a - b);
/** Reservations left unused between two that were made, although a request was already waiting. */
const gaps = (reservations: readonly RateReservation[], perSecond: number): [number, number][] => {
  const stepMs = Math.ceil(1_000 / perSecond);
  const taken = reservations.filter((reservation) => reservation.taken).toSorted((a, b) => a.atMs - b.atMs);
  return taken.flatMap(({ atMs, waitMs }, index): [number, number][] => {
    const before = taken[index - 1]?.atMs ?? atMs;
    return atMs - before > stepMs && waitMs > stepMs ? [[before, atMs]] : [];
  });
};
/** Highest number of times within any one second. */
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
