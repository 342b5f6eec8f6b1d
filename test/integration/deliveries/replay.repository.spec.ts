import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../../src/platform/config/demo-config.js';
import type { ReplayFilter } from '../../../src/deliveries/replays/replay-records.js';
import { ReplayRepository } from '../../../src/deliveries/replays/replay.repository.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';
import { insertFailed } from '../../support/failed-notifications.js';

const filter: ReplayFilter = {
  appId: DEMO.appId,
  from: '2020-01-01T00:00:00.000Z',
  to: '2099-01-01T00:00:00.000Z',
  statuses: ['failed'],
  reasons: ['provider_unavailable'],
};
let database: TestDatabase;
let replays: ReplayRepository;
beforeAll(async () => {
  database = await startDatabase();
  replays = new ReplayRepository(database.sql, database.prisma);
});
afterAll(() => database.close());

const create = () => replays.create({ filter, perSecond: 10, createdBy: 'API key 1' });

describe('the span of a replay', () => {
  it('ends after its limit, whichever notifications match', async () => {
    const of = (appId: string, uid: string) => ({ appId, uid, deliveries: [{ phno: '+14155550123' }] });
    const ids = await insertFailed(database.sql, [
      of(DEMO.appId, 'ann'),
      of('other', 'ann'),
      of(DEMO.appId, 'bob'),
      of(DEMO.appId, 'ann'),
    ]);
    const [first, second, third, last] = ids;
    const begun = await replays.nextSpan(filter, null, 2);
    expect(begun).toMatchObject({ upTo: second, isLast: false });
    expect(begun && (await replays.failedIn(filter, begun, undefined))).toMatchObject([{ id: first }]);
    const next = await replays.nextSpan(filter, second ?? '', 3);
    expect(next).toMatchObject({ after: second, upTo: last, isLast: true });
    expect(next && (await replays.failedIn(filter, next, undefined))).toMatchObject([
      { id: third },
      { id: last },
    ]);
    expect(await replays.nextSpan(filter, last ?? '', 3)).toBeNull();
    const ofUser = { ...filter, uid: 'ann' };
    expect(await replays.nextSpan(ofUser, null, 2)).toMatchObject({ upTo: last, isLast: false });
  });
});

describe('a step of a replay', () => {
  it('is taken once per interval, and by the current run only', async () => {
    const { id } = await create();
    const takes = await Promise.all(
      Array.from({ length: 5 }, () => replays.takeStep({ id, run: 1 }, 60_000)),
    );
    expect(takes.filter((waitMs) => waitMs === 0)).toHaveLength(1);
    expect(Math.max(...takes.map((waitMs) => waitMs ?? 0))).toBeGreaterThan(30_000);
    expect(await replays.takeStep({ id, run: 2 }, 60_000)).toBeUndefined();
    await replays.change(id, ['running'], 'paused');
    expect(await replays.takeStep({ id, run: 1 }, 60_000)).toBeUndefined();
    await replays.change(id, ['paused'], 'running');
    expect(await replays.takeStep({ id, run: 2 }, 60_000)).toBe(0);
  });

  it('is recorded once', async () => {
    const replay = await create();
    const step = { position: newId(), sent: 3, leftOut: { call: 1 }, isDone: false };
    await replays.record(replay, step);
    await replays.record(replay, { ...step, position: newId(), sent: 5 });
    expect(await replays.find(replay.id)).toMatchObject({ sent: 3, leftOut: { call: 1 }, state: 'running' });
  });

  it('begins again once it is late', async () => {
    const { id } = await create();
    await replays.takeStep({ id, run: 1 }, 0);
    expect(await replays.restartStopped(60_000)).toEqual([]);
    await database.sql.query(`UPDATE replay SET next_at = now() - interval '2 minutes' WHERE id = $1`, [id]);
    expect(await replays.restartStopped(60_000)).toEqual([{ id, run: 2 }]);
    expect(await replays.restartStopped(60_000)).toEqual([]);
  });
});

describe('a notification of a replay', () => {
  it('is claimed by one of several replays, and once by each', async () => {
    const replayIds = await Promise.all(Array.from({ length: 4 }, async () => (await create()).id));
    const notifications = Array.from({ length: 20 }, () => newId());
    const claim = (replayId: string, rounds: number) =>
      replays.claim(
        replayId,
        notifications.map((notificationId) => ({ notificationId, rounds, copyId: newId() })),
      );
    const claimed = await Promise.all(replayIds.map((replayId) => claim(replayId, 0)));
    expect(claimed.flatMap((ids) => [...ids]).sort()).toEqual([...notifications].sort());
    const again = await Promise.all(replayIds.map((replayId) => claim(replayId, 0)));
    expect(again.map(({ size }) => size)).toEqual([0, 0, 0, 0]);
    const winner = replayIds[claimed.findIndex(({ size }) => size > 0)] ?? '';
    expect((await claim(winner, 1)).size).toBeLessThan(20);
  });

  it('is deleted with its replay at the end of the retention', async () => {
    const [ended, running] = [await create(), await create()];
    await replays.change(ended.id, ['running'], 'cancelled');
    const notificationId = newId();
    await replays.claim(ended.id, [{ notificationId, rounds: 0, copyId: newId() }]);
    await replays.deleteBefore(new Date(Date.now() - 60_000));
    expect(await replays.find(ended.id)).toBeDefined();
    await replays.deleteBefore(new Date(Date.now() + 1_000));
    expect(await replays.find(ended.id)).toBeUndefined();
    expect(await replays.find(running.id)).toBeDefined();
    expect(await database.prisma.replayItem.count()).toBe(0);
  });
});
