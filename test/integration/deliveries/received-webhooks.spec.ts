import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ReceivedWebhookRepository } from '../../../src/deliveries/received-webhook.repository.js';
import type { WebhookQuestion } from '../../../src/deliveries/sql/received-webhooks.sql.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';

const NOW = Date.now();
const HOUR_MS = 3_600_000;

let database: TestDatabase;
let webhooks: ReceivedWebhookRepository;
beforeAll(async () => {
  database = await startDatabase();
  webhooks = new ReceivedWebhookRepository(database.sql);
});
afterAll(() => database.close());
beforeEach(() => database.sql.query('TRUNCATE notification, delivery, attempt'));

interface Rows {
  readonly count?: number;
  readonly appId?: string;
  readonly uid?: string;
  readonly kind?: string;
  readonly source?: string | null;
  readonly content?: object;
  /** When the first row was received; the others follow a millisecond apart. */
  readonly at?: number;
}

/** Inserts notifications. @returns their ids. */
async function insert({ count = 1, appId = 'app123', uid = 'ann', ...rest }: Rows): Promise<string[]> {
  const { kind = 'chat', source = 'webhook', content = {}, at = NOW - HOUR_MS } = rest;
  const { rows } = await database.sql.query<{ id: string }>(
    `INSERT INTO notification (id, app_id, channel, kind, uid, status, content, received_at, source)
     SELECT (substr(hex, 1, 8) || '-' || substr(hex, 9) || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
            $2, 'push', $3, $4, 'sent', $5, to_timestamp(ms / 1000.0), $6
     FROM generate_series(1, $1::int) n, LATERAL (SELECT $7::bigint + n AS ms) t,
          LATERAL (SELECT lpad(to_hex(ms), 12, '0') AS hex) h
     RETURNING id`,
    [count, appId, kind, uid, JSON.stringify(content), source, at],
  );
  return rows.map(({ id }) => id).toSorted();
}

const pushOf = (tag: string): object => ({ notificationDetails: { tag, body: 'Call 4711 "tag":"999"' } });
const find = (question: Partial<WebhookQuestion>) =>
  webhooks.find({
    ...{
      appId: 'app123',
      uid: null,
      messageId: null,
      from: new Date(NOW - 24 * HOUR_MS),
      oldestFirst: false,
    },
    ...question,
  });

describe('the webhooks of a user', () => {
  it('are counted without API requests, resends, other apps and older ones', async () => {
    const ids = await insert({ count: 25 });
    const [unknown = ''] = await insert({ source: null, at: NOW - HOUR_MS / 2 });
    await insert({ kind: 'api', source: 'api', at: NOW - HOUR_MS / 3 });
    await insert({ source: 'resend', at: NOW - HOUR_MS / 4 });
    await insert({ appId: 'other', at: NOW - HOUR_MS / 5 });
    await insert({ uid: 'bert', at: NOW - HOUR_MS / 6 });
    await insert({ at: NOW - 25 * HOUR_MS });
    expect(await find({ uid: 'ann' })).toMatchObject({
      count: 26,
      lastAt: new Date(NOW - HOUR_MS / 2 + 1),
      ids: [unknown, ...ids.slice(-19).toReversed()],
      isComplete: true,
    });
    expect(await find({ uid: 'carl' })).toEqual({
      ...{ count: 0, lastAt: null, ids: [], oldest: null, newest: null, isComplete: true },
    });
  });

  it('are examined up to 5,000, the newest first', async () => {
    await insert({ count: 5_001 });
    expect(await find({ uid: 'ann' })).toMatchObject({
      ...{ count: 5_000, isComplete: false },
      oldest: new Date(NOW - HOUR_MS + 2),
    });
  });
});

describe('the webhooks of a message', () => {
  it('are found by their tag, or by the id of a message of an SMS', async () => {
    const [push = ''] = await insert({ content: pushOf('123') });
    const object = (id: unknown): object => ({ messages: [{ messageObject: { sender: 'bert', id } }] });
    const [text = ''] = await insert({ content: object('123'), at: NOW - HOUR_MS / 2 });
    const [number = ''] = await insert({ content: object(123), at: NOW - HOUR_MS / 3 });
    await insert({ content: pushOf('1234'), at: NOW - HOUR_MS / 4 });
    await insert({ content: object(1_123), at: NOW - HOUR_MS / 5 });
    expect((await find({ messageId: '123' })).ids).toEqual([number, text, push]);
    expect((await find({ messageId: '123', uid: 'ann' })).ids).toEqual([number, text, push]);
    expect((await find({ messageId: '123', uid: 'bert' })).count).toBe(0);
  });

  it('are not found by text within a message', async () => {
    await insert({ content: pushOf('1') });
    expect([(await find({ messageId: '4711' })).count, (await find({ messageId: '999' })).count]).toEqual([
      0, 0,
    ]);
  });

  it('are searched in 20,000 rows of all users, from the newest or from the time of sending', async () => {
    const [first = ''] = await insert({ content: pushOf('1') });
    await insert({ count: 20_000, uid: 'bert', content: pushOf('2'), at: NOW - HOUR_MS / 2 });
    const [last = ''] = await insert({ content: pushOf('3'), at: NOW - HOUR_MS / 4 });
    const newestFirst = await find({ messageId: '1' });
    expect(newestFirst).toMatchObject({ count: 0, isComplete: false });
    expect(newestFirst.oldest?.getTime()).toBe(NOW - HOUR_MS / 2 + 2);
    expect((await find({ messageId: '3' })).ids).toEqual([last]);
    const sent = { from: new Date(NOW - HOUR_MS - 1_000), oldestFirst: true };
    expect(await find({ messageId: '1', ...sent })).toMatchObject({ ids: [first], isComplete: false });
    expect((await find({ messageId: '3', ...sent })).count).toBe(0);
    expect((await find({ messageId: '2', ...sent })).count).toBe(19_999);
  });
});
