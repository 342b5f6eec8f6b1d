import { describe, expect, it, jest } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { FairShare } from './fair-share.js';

/** A worker with capacity for ten deliveries that fetches up to three more jobs. */
function worker(parkedMs = 10) {
  const shares = new FairShare(() => FairShare.jobsFor(10), 1_000, parkedMs);
  const underWay = { slow: 0, other: 0 };
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  /** Starts a delivery that runs until `endOne`. @returns the delay if it finds no capacity. */
  const begin = async (account: 'slow' | 'other'): Promise<number> => {
    const place = await shares.take(account);
    if ('requeueInMs' in place) return place.requeueInMs;
    begun.push(account);
    underWay[account] += 1;
    await new Promise<void>((end) => ends.push(end));
    underWay[account] -= 1;
    place.end();
    return 0;
  };
  return { begin, begun, underWay, endOne: () => ends.shift()?.() };
}

describe('FairShare', () => {
  it('gives a single account the whole capacity and requeues the rest at increasing delays', async () => {
    const { begin, underWay } = worker();
    for (let i = 0; i < 10; i++) void begin('slow');
    await until(() => underWay.slow === 10);
    const waits = await Promise.all([begin('slow'), begin('slow'), begin('slow')]);
    expect(waits.every((wait) => Number.isInteger(wait) && wait > 0 && wait <= 1_000)).toBe(true);
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    expect(new Set(waits).size).toBe(3);
    expect(underWay.slow).toBe(10);
  });

  it('starts a delivery of another account immediately while the first one uses the whole capacity', async () => {
    const { begin, underWay } = worker();
    for (let i = 0; i < 10; i++) void begin('slow');
    void begin('other');
    void begin('other');
    await until(() => underWay.other === 2);
    expect(underWay.slow).toBe(10);
  });

  it('limits an account to an equal share of freed capacity while others wait', async () => {
    const { begin, begun, underWay, endOne } = worker(10_000);
    for (let i = 0; i < 10; i++) void begin('slow');
    for (let i = 0; i < 5; i++) void begin('other');
    await until(() => begun.length === 15);
    void begin('slow');
    for (let i = 0; i < 5; i++) endOne();
    await until(() => underWay.slow === 5);
    expect(begun).toHaveLength(15);
    endOne();
    await until(() => begun.length === 16);
    await until(() => underWay.slow === 5 && underWay.other === 5);
  });

  it('gives freed capacity to a parked delivery', async () => {
    const { begin, underWay, endOne } = worker(10_000);
    const first = Array.from({ length: 10 }, () => begin('slow'));
    await until(() => underWay.slow === 10);
    void begin('slow');
    endOne();
    await expect(first[0]).resolves.toBe(0);
    await until(() => underWay.slow === 10);
  });

  it('requeues immediately while no delivery of the account ends', async () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    try {
      const { begin, underWay, endOne } = worker(10_000);
      for (let i = 0; i < 10; i++) void begin('slow');
      await until(() => underWay.slow === 10);
      now = 9_999;
      const parked = begin('slow');
      now = 10_001;
      expect(await begin('slow')).toBeGreaterThan(0);
      endOne();
      await until(() => underWay.slow === 10);
      endOne();
      void parked;
    } finally {
      clock.mockRestore();
    }
  });

  it('requeues for as long as no delivery of the account has ended, however fast they were before', async () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    try {
      const shares = new FairShare(() => FairShare.jobsFor(10), 10_000);
      await shares.take('slow');
      for (let i = 0; i < 100; i++) {
        const place = await shares.take('slow');
        now += 10;
        if ('end' in place) place.end();
      }
      for (let i = 0; i < 9; i++) await shares.take('slow');
      now += 3_000;
      expect(await shares.take('slow')).toEqual({ requeueInMs: 3_300 });
      expect(await shares.take('slow')).toEqual({ requeueInMs: 3_600 });
      now += 60_000;
      expect(await shares.take('slow')).toEqual({ requeueInMs: 10_000 });
    } finally {
      clock.mockRestore();
    }
  });

  it('frees capacity once, however often its end is reported', async () => {
    const shares = new FairShare(() => FairShare.jobsFor(1), 1_000, 10);
    const first = await shares.take('slow');
    if (!('end' in first)) throw new Error('There is no capacity.');
    first.end();
    first.end();
    await shares.take('slow');
    expect(await shares.take('slow')).toHaveProperty('requeueInMs');
  });

  it.each([1, 2, 3, 10, 99, 100, 500])('lets a single account run %i deliveries', (capacity) => {
    expect(Math.floor((FairShare.jobsFor(capacity) * 4) / 5)).toBe(capacity);
  });
});
