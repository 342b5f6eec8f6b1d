import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../src/deliveries/ledger.js';
import { SmsLedger } from '../../../src/deliveries/sms-ledger.js';
import type { Plan } from '../../../src/deliveries/records.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { TextedMessageRepository } from '../../../src/recipients/planning/texted-message.repository.js';
import { SeenMessageRepository } from '../../../src/recipients/read-receipts/seen-message.repository.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';
import { testApp } from '../../support/recipients.js';

let database: TestDatabase;
let ledger: Ledger;
let messages: TextedMessageRepository;
let seen: SeenMessageRepository;
const app = testApp();
// Seen messages matter to this policy only.
app.sms.policy = 'ifNotSeen';
const { appId } = app;
beforeAll(async () => {
  database = await startDatabase();
  ledger = new Ledger(database.sql, database.prisma, Object.assign(new GatewayConfig(), { apps: [] }));
  messages = new TextedMessageRepository(
    database.sql,
    database.prisma,
    new SmsLedger(database.sql, database.prisma),
  );
  seen = new SeenMessageRepository(database.sql, database.prisma);
});
afterAll(() => database.close());

const claimOf = (notificationId: string, messageIds: readonly string[], uid = 'ann') => ({
  appId,
  uid,
  notificationId,
  messageIds,
});
const write = (id: string, plan: Plan) =>
  ledger.plan(
    {
      id,
      appId,
      channel: 'sms',
      kind: 'sms',
      uid: 'ann',
      receivedAt: new Date(),
      content: '{}',
      expiresAt: new Date(Date.now() + 60_000),
    },
    plan,
  );

describe('TextedMessageRepository', () => {
  it('leaves messages with the notification that claimed them first, also when it is planned again', async () => {
    const [first, second] = [newId(), newId()];
    expect(await messages.claim(claimOf(first, ['1', '2']))).toBe(true);
    // Planned again after a crash before anything was recorded.
    expect(await messages.claim(claimOf(first, ['1', '2']))).toBe(true);
    expect(await messages.claim(claimOf(second, ['2', '1']))).toBe(false);
    expect(await messages.claim(claimOf(second, ['1', '3']))).toBe(true);
    expect(await messages.claim(claimOf(second, ['1'], 'bob'))).toBe(true);
    expect(await messages.claim({ ...claimOf(second, ['1']), appId: 'another' })).toBe(true);
  });

  it('gives messages whose first notification led to no SMS to exactly one other', async () => {
    const [first, ...others] = Array.from({ length: 9 }, () => newId());
    await messages.claim(claimOf(String(first), ['10']));
    await write(String(first), { skipped: 'skipped', reason: 'no_provider' });
    const taken = await Promise.all(others.map((id) => messages.claim(claimOf(id, ['10']))));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('leaves messages with a notification whose SMS is still queued', async () => {
    const [first, second] = [newId(), newId()];
    const address = { phno: '+14155550100' };
    await messages.claim(claimOf(first, ['20']));
    await write(first, {
      deliveries: [{ id: newId(), provider: 'p', kind: 'sms', deviceId: null, address }],
    });
    expect(await messages.claim(claimOf(second, ['20']))).toBe(false);
  });

  it('gives each message to one of many concurrent notifications, in any order of messages', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `many-${i}`);
    const claims = Array.from({ length: 40 }, (_, i) => claimOf(newId(), i % 2 ? ids : ids.toReversed()));
    const taken = await Promise.all(claims.map((claim) => messages.claim(claim)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('deletes old records', async () => {
    await database.sql.query(
      `UPDATE texted_message SET texted_at = now() - interval '3 days' WHERE uid = 'bob'`,
    );
    expect(await messages.deleteBefore(new Date(Date.now() - 86_400_000))).toBe(1);
    expect(await messages.claim(claimOf(newId(), ['1'], 'bob'))).toBe(true);
  });
});

describe('SeenMessageRepository', () => {
  const ann = { app, uid: 'ann' };

  it('stores which user saw which message, and when last', async () => {
    await seen.report(ann, [
      { tag: '1', conversationId: null },
      { tag: '1', conversationId: 'group_g' },
      { tag: '1', conversationId: null },
      { tag: '2', conversationId: null },
    ]);
    expect(await seen.haveSeenAll(appId, 'ann', ['1', '2'])).toBe(true);
    expect(await seen.haveSeenAll(appId, 'ann', ['1', '3'])).toBe(false);
    expect(await seen.haveSeenAll(appId, 'bob', ['1'])).toBe(false);
    const first = await seen.lastSeenIn(appId, 'ann', ['other', 'group_g']);
    expect(first).toBeInstanceOf(Date);
    expect(await seen.lastSeenIn(appId, 'ann', ['other'])).toBeUndefined();
    // Seeing the message again updates the time in its known conversation.
    await seen.report(ann, [{ tag: '1', conversationId: null }]);
    const again = await seen.lastSeenIn(appId, 'ann', ['group_g']);
    expect(Number(again)).toBeGreaterThanOrEqual(Number(first));
  });

  it('deletes old records in batches', async () => {
    await database.sql.query(
      `INSERT INTO seen_message (app_id, uid, tag, seen_at)
       SELECT $1, 'old', i::text, now() - interval '3 days' FROM generate_series(1, 2500) i`,
      [appId],
    );
    expect(await seen.deleteBefore(new Date(Date.now() - 2 * 86_400_000))).toBe(2_500);
    expect(await seen.haveSeenAll(appId, 'ann', ['1'])).toBe(true);
  });
});
