import { describe, expect, it } from '@jest/globals';
import { until } from '../../test/support/until.js';
import { FairShare } from './fair-share.js';

/** A worker with ten places, and two jobs more that it may fetch. */
function worker(parkedMs = 10) {
  const places = new FairShare(
    () => FairShare.jobsFor(10),
    () => 1_000,
    parkedMs,
  );
  const underWay = { slow: 0, other: 0 };
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  /** Begins a delivery that goes on until it is ended. */
  const begin = (account: 'slow' | 'other'): Promise<number> =>
    places.run(account, async () => {
      begun.push(account);
      underWay[account] += 1;
      await new Promise<void>((end) => ends.push(end));
      underWay[account] -= 1;
    });
  return { begin, begun, underWay, endOne: () => ends.shift()?.() };
}

describe('FairShare', () => {
  it('leaves all places to an account that is alone, and sends the rest back one after another', async () => {
    const { begin, underWay } = worker();
    for (let i = 0; i < 10; i++) void begin('slow');
    expect(underWay.slow).toBe(10);
    const waits = await Promise.all([begin('slow'), begin('slow'), begin('slow')]);
    expect(waits.every((wait) => Number.isInteger(wait) && wait > 0 && wait <= 1_000)).toBe(true);
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    expect(new Set(waits).size).toBe(3);
    expect(underWay.slow).toBe(10);
  });

  it('has a place for another account at once, however many the first one has', async () => {
    const { begin, underWay } = worker();
    for (let i = 0; i < 10; i++) void begin('slow');
    void begin('other');
    void begin('other');
    expect(underWay).toEqual({ slow: 10, other: 2 });
  });

  it('gives an account no more than an equal share of what becomes free while others wait', async () => {
    const { begin, begun, underWay, endOne } = worker(10_000);
    for (let i = 0; i < 10; i++) void begin('slow');
    for (let i = 0; i < 5; i++) void begin('other');
    void begin('slow');
    for (let i = 0; i < 5; i++) endOne();
    await until(() => underWay.slow === 5);
    expect(begun).toHaveLength(15);
    endOne();
    await until(() => begun.length === 16);
    await until(() => underWay.slow === 5 && underWay.other === 5);
  });

  it('gives a place that becomes free to what waits for it', async () => {
    const { begin, underWay, endOne } = worker(10_000);
    const first = Array.from({ length: 10 }, () => begin('slow'));
    void begin('slow');
    expect(underWay.slow).toBe(10);
    endOne();
    await expect(first[0]).resolves.toBe(0);
    await until(() => underWay.slow === 10);
  });

  it('keeps no place of a delivery that failed', async () => {
    const places = new FairShare(
      () => FairShare.jobsFor(1),
      () => 1_000,
      10,
    );
    for (let i = 0; i < 3; i++)
      await expect(places.run('slow', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    await expect(places.run('slow', async () => {})).resolves.toBe(0);
  });

  it.each([1, 2, 3, 10, 99, 100, 500])('leaves one account alone %i places', (places) => {
    expect(Math.floor((FairShare.jobsFor(places) * 4) / 5)).toBe(places);
  });
});
