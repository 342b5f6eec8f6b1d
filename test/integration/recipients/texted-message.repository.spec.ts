import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../src/deliveries/ledger.js';
import type { Plan } from '../../../src/deliveries/records.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { TextedMessageRepository } from '../../../src/recipients/planning/texted-message.repository.js';
import { SeenMessageRepository } from '../../../src/recipients/read-receipts/seen-message.repository.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';
import { testApp } from '../../support/recipients.js';

let database: TestDatabase;
let ledger: Ledger;
let texted: TextedMessageRepository;
let seen: SeenMessageRepository;
const app = testApp();
// Only this policy reads what was seen.
app.sms.policy = 'ifNotSeen';
const { appId } = app;
beforeAll(async () => {
  database = await startDatabase();
  ledger = new Ledger(database.sql, database.prisma, Object.assign(new GatewayConfig(), { apps: [] }));
  texted = new TextedMessageRepository(database.sql, database.prisma, ledger);
  seen = new SeenMessageRepository(database.sql);
});
afterAll(() => database.close());

const text = (notificationId: string, messageIds: readonly string[], uid = 'ann') => ({
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
  it('leaves messages with the notification that took them first, however often that is planned', async () => {
    const [first, second] = [newId(), newId()];
    expect(await texted.claim(text(first, ['1', '2']))).toBe(true);
    // It crashed before anything was on record, and is planned again.
    expect(await texted.claim(text(first, ['1', '2']))).toBe(true);
    expect(await texted.claim(text(second, ['2', '1']))).toBe(false);
    expect(await texted.claim(text(second, ['1', '3']))).toBe(true);
    expect(await texted.claim(text(second, ['1'], 'bob'))).toBe(true);
    expect(await texted.claim({ ...text(second, ['1']), appId: 'another' })).toBe(true);
  });

  it('gives them to another where no text came of the first, and to one alone', async () => {
    const [first, ...others] = Array.from({ length: 9 }, () => newId());
    await texted.claim(text(String(first), ['10']));
    await write(String(first), { skipped: 'skipped', reason: 'no_provider' });
    const taken = await Promise.all(others.map((id) => texted.claim(text(id, ['10']))));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('leaves them where the text is still on its way', async () => {
    const [first, second] = [newId(), newId()];
    const address = { phno: '+14155550100' };
    await texted.claim(text(first, ['20']));
    await write(first, {
      deliveries: [{ id: newId(), provider: 'p', kind: 'sms', deviceId: null, address }],
    });
    expect(await texted.claim(text(second, ['20']))).toBe(false);
  });

  it('never gives a message to two of many that come at once, in whatever order they name them', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `many-${i}`);
    const claims = Array.from({ length: 40 }, (_, i) => text(newId(), i % 2 ? ids : ids.toReversed()));
    const taken = await Promise.all(claims.map((claim) => texted.claim(claim)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('forgets what was long ago', async () => {
    await database.sql.query(
      `UPDATE texted_message SET texted_at = now() - interval '3 days' WHERE uid = 'bob'`,
    );
    expect(await texted.deleteBefore(new Date(Date.now() - 86_400_000))).toBe(1);
    expect(await texted.claim(text(newId(), ['1'], 'bob'))).toBe(true);
  });
});

describe('SeenMessageRepository', () => {
  const ann = { app, uid: 'ann' };

  it('knows what was seen, by whom, and when last', async () => {
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
    // Seen again, it was seen later, in the conversation that is known.
    await seen.report(ann, [{ tag: '1', conversationId: null }]);
    const again = await seen.lastSeenIn(appId, 'ann', ['group_g']);
    expect(Number(again)).toBeGreaterThanOrEqual(Number(first));
  });

  it('forgets what was long ago, in steps', async () => {
    await database.sql.query(
      `INSERT INTO seen_message (app_id, uid, tag, seen_at)
       SELECT $1, 'old', i::text, now() - interval '3 days' FROM generate_series(1, 2500) i`,
      [appId],
    );
    expect(await seen.deleteBefore(new Date(Date.now() - 2 * 86_400_000))).toBe(2_500);
    expect(await seen.haveSeenAll(appId, 'ann', ['1'])).toBe(true);
  });
});
