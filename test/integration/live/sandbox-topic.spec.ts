import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LiveChangesRepository } from '../../../src/deliveries/live-changes.repository.js';
import { SandboxTopic } from '../../../src/live/sandbox-topic.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.sql.query('TRUNCATE sandbox_message RESTART IDENTITY'));

/** Puts messages to a user into the mailbox. */
async function put(uid: string, count: number): Promise<void> {
  await database.sql.query(
    `INSERT INTO sandbox_message (id, app_id, uid, channel, kind, provider, "to", outcome, message)
     SELECT gen_random_uuid(), 'app123', $1, 'push', 'chat', 'default', 'token', 'accepted', '{}'
     FROM generate_series(1, $2::int)`,
    [uid, count],
  );
}

const topicOf = ({ sql, prisma }: TestDatabase): SandboxTopic =>
  new SandboxTopic(new LiveChangesRepository(sql, prisma));

/** @returns the users of new messages. */
async function look(topic: SandboxTopic): Promise<string[]> {
  return (await topic.look()).events.map((event) => {
    const data = event.dataFor({ appId: undefined, reader: 'operator' }) ?? '{}';
    return (JSON.parse(data) as { uid: string }).uid;
  });
}

describe('SandboxTopic', () => {
  it('tells new messages, whatever the number of digits of theirs', async () => {
    const topic = topicOf(database);
    await put('ann', 998);
    await topic.begin();
    await put('bob', 3);
    expect([await look(topic), await look(topic)]).toEqual([['bob', 'bob', 'bob'], []]);
  });

  it('tells no old message after newer ones were deleted', async () => {
    const topic = topicOf(database);
    await put('ann', 400);
    await put('bob', 100);
    await topic.begin();
    await database.sql.query(`DELETE FROM sandbox_message WHERE uid = 'bob'`);
    expect(await look(topic)).toEqual([]);
    await put('carl', 2);
    expect([await look(topic), await look(topic)]).toEqual([['carl', 'carl'], []]);
  });
});
