import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveChangesRepository } from '../../../src/deliveries/live-changes.repository.js';
import { NotificationRepository } from '../../../src/deliveries/notification.repository.js';
import type { LiveEvent } from '../../../src/live/live-event.js';
import { NotificationsTopic } from '../../../src/live/notifications-topic.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';

/** The database with a clock that can be set. */
class SetClock extends LiveChangesRepository {
  aheadMs = 0;

  override async now(): Promise<Date> {
    return new Date((await super.now()).getTime() + this.aheadMs);
  }
}

let database: TestDatabase;
let changes: SetClock;
let topic: NotificationsTopic;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.sql.query('TRUNCATE notification, delivery, attempt');
  const { sql, prisma } = database;
  changes = new SetClock(sql, prisma);
  topic = new NotificationsTopic(changes, new NotificationRepository(prisma, sql));
});

/** @returns their ids, oldest first. */
async function plan(count: number, receivedMsAgo = 0, plannedMsAgo = 0): Promise<string[]> {
  const ids = Array.from({ length: count }, () =>
    receivedMsAgo === 0 ? newId() : newId(Date.now() - receivedMsAgo),
  ).toSorted();
  await database.sql.query(
    `INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at, planned_at)
     SELECT id, 'app123', 'push', 'chat', 'ann', 'queued', '{}', now() - $2 * interval '1 ms', now() - $3 * interval '1 ms'
     FROM unnest($1::uuid[]) AS id`,
    [ids, receivedMsAgo, plannedMsAgo],
  );
  return ids;
}

const idsIn = (events: readonly LiveEvent[]): string[] =>
  events.map((event) => {
    const data = event.dataFor({ appId: undefined, reader: 'operator' }) ?? '{}';
    return event.name === 'gap' ? 'gap' : (JSON.parse(data) as { id: string }).id;
  });
const look = async (): Promise<string[]> => idsIn((await topic.look()).events);

describe('NotificationsTopic', () => {
  it('takes the present as known, and tells each change once', async () => {
    await plan(3);
    await topic.begin();
    expect(await look()).toEqual([]);
    const [id = ''] = await plan(1);
    expect([await look(), await look()]).toEqual([[id], []]);
    await database.sql.query(`UPDATE notification SET status = 'sent' WHERE id = $1`, [id]);
    expect([await look(), await look()]).toEqual([[id], []]);
  });

  it('follows those that were sent shortly before, by every fifth second', async () => {
    const [id = ''] = await plan(1, 60_000, 60_000);
    await database.sql.query(`UPDATE notification SET status = 'sent', settled_at = planned_at`);
    await topic.begin();
    expect(await look()).toEqual([]);
    await database.sql.query(`UPDATE notification SET status = 'delivered'`);
    expect(await look()).toEqual([]);
    changes.aheadMs = 5_000;
    expect([await look(), await look()]).toEqual([[id], []]);
  });

  it('tells 200 changes at a time, the oldest first, and is complete after the last', async () => {
    await topic.begin();
    const ids = await plan(300);
    const [first, second] = [await topic.look(), await topic.look()];
    expect([idsIn(first.events), first.completeTo]).toEqual([ids.slice(0, 200), undefined]);
    expect([idsIn(second.events), second.completeTo]).toEqual([ids.slice(200), expect.any(Date)]);
  });

  it('reports a gap instead of more than a thousand', async () => {
    await topic.begin();
    await plan(1_001);
    expect(await look()).toEqual(['gap']);
    const [id] = await plan(1);
    expect(await look()).toEqual([id]);
  });

  it('finds what a stream missed, within five minutes', async () => {
    await plan(2, 400_000, 400_000);
    const late = await plan(2, 400_000, 20_000);
    const now = await plan(2);
    const ago = (ms: number): Date => new Date(Date.now() - ms);
    // Unsettled ones may have changed.
    await database.sql.query(`UPDATE notification SET settled_at = planned_at`);
    expect(idsIn((await topic.missedSince(ago(25_000))) ?? [])).toEqual([...late, ...now]);
    expect(idsIn((await topic.missedSince(ago(5_000))) ?? [])).toEqual(now);
    expect(await topic.missedSince(ago(301_000))).toBeUndefined();
  });

  it('goes on after the clock was set back, and cannot tell what was missed meanwhile', async () => {
    changes.aheadMs = 3_600_000;
    const since = await topic.begin();
    changes.aheadMs = 0;
    const [id] = await plan(1);
    expect(await look()).toEqual([id]);
    expect(await topic.missedSince(since)).toBeUndefined();
  });

  it('finds no more than a thousand', async () => {
    await plan(1_001);
    expect(await topic.missedSince(new Date())).toBeUndefined();
  });
});
