import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ErasedUserRepository, RecipientErased } from '../../../src/deliveries/erased-user.repository.js';
import { CallStateRepository } from '../../../src/deliveries/call-state.repository.js';
import { Ledger } from '../../../src/deliveries/ledger.js';
import { SmsLedger } from '../../../src/deliveries/sms-ledger.js';
import type { AcceptedNotification } from '../../../src/deliveries/records.js';
import { UserRecordRepository } from '../../../src/deliveries/user-record.repository.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';

const ann = { appId: 'app123', uid: 'ann' };
const bob = { appId: 'app123', uid: 'bob' };
let database: TestDatabase;
let ledger: Ledger;
let smsLedger: SmsLedger;
let calls: CallStateRepository;
let records: UserRecordRepository;
beforeAll(async () => {
  database = await startDatabase();
  ledger = new Ledger(database.sql, database.prisma, Object.assign(new GatewayConfig(), { apps: [] }));
  smsLedger = new SmsLedger(database.sql, database.prisma);
  calls = new CallStateRepository(database.sql);
  records = new UserRecordRepository(database.sql, database.prisma);
});
afterAll(() => database.close());

const acceptedBy = (user: typeof ann, receivedAt = new Date()): AcceptedNotification => ({
  ...user,
  ...{ id: newId(), channel: 'sms', kind: 'sms', receivedAt, content: `{"to":{"uid":"${user.uid}"}}` },
  expiresAt: new Date(Date.now() + 600_000),
});

/** An SMS in two parts, accepted by its vendor. */
async function sendSms(user: typeof ann, phno: string): Promise<void> {
  const notification = acceptedBy(user);
  const delivery = { provider: 'p', kind: 'sms', deviceId: null, address: { phno } };
  const id = newId();
  await ledger.plan(notification, { deliveries: [{ ...delivery, id }] });
  expect((await ledger.claim(id)).state).toBe('claimed');
  const [first, second] = [newId(), newId()];
  const link = { appId: user.appId, provider: 'p', deliveryId: id, attempt: 1 };
  await smsLedger.linkMessage({ ...link, vendorMessageId: first, partIds: [first, second] });
  await ledger.record({
    ...{ deliveryId: id, notificationId: notification.id, attempt: 1, outcome: 'accepted', vendorCode: null },
    ...{ vendorMessageId: first, durationMs: 1, status: 'sent', reason: null, dropped: [] },
  });
}

const TABLES = ['notification', 'delivery', 'attempt', 'sms_receipt', 'ended_call'] as const;
const countRows = async (): Promise<Record<string, number>> => {
  const counts = TABLES.map(async (table) => {
    const { rows } = await database.sql.query<{ count: number }>(`SELECT count(*)::int FROM ${table}`);
    return [table, rows[0]?.count ?? -1] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
};

describe('the records of a user', () => {
  it('are deleted with everything that belongs to them, and nothing else', async () => {
    await sendSms(ann, '+14155550141');
    await sendSms(ann, '+14155550142');
    await sendSms(bob, '+14155550142');
    for (const user of [ann, bob]) await calls.end({ ...user, sessionId: 's' }, 'cancelled');
    const { notification } = await countRows();
    expect(notification).toBe(3);
    expect((await records.numbersOf(ann)).toSorted()).toEqual(['+14155550141', '+14155550142']);

    expect(await records.erase(ann, await records.numbersOf(ann))).toEqual({ notifications: 2, states: 1 });
    // Both parts of Bob's SMS stay.
    const left = { notification: 1, delivery: 1, attempt: 1, sms_receipt: 2, ended_call: 1 };
    expect(await countRows()).toEqual(left);
    expect(await records.erase(ann, [])).toEqual({ notifications: 0, states: 0 });
    expect(await countRows()).toEqual(left);
  });

  it('are not written for what was received before the erasure, alone of their batch', async () => {
    const erasedAt = await new ErasedUserRepository(database.sql).mark(ann.appId, ann.uid);
    const at = (ms: number): Date => new Date(erasedAt.getTime() + ms);
    const planned = [
      acceptedBy(ann, at(-1)),
      acceptedBy(ann, at(0)),
      acceptedBy(ann, at(1)),
      acceptedBy(bob, at(-1)),
      acceptedBy({ ...ann, appId: 'app456' }, at(-1)),
    ];
    const results = await Promise.allSettled(
      planned.map((notification) => ledger.plan(notification, { skipped: 'skipped', reason: 'no_device' })),
    );
    expect(results.map(({ status }) => status)).toEqual([
      ...['rejected', 'rejected'],
      ...['fulfilled', 'fulfilled', 'fulfilled'],
    ]);
    expect(results[0]).toMatchObject({ reason: expect.any(RecipientErased) });
    const written = await Promise.all(planned.map(({ id }) => ledger.find(id)));
    expect(written.map((found) => found !== undefined)).toEqual([false, false, true, true, true]);
  });
});
