import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NotificationRepository } from '../../../src/deliveries/notification.repository.js';
import type { AttemptUncheckedCreateInput } from '../../../src/platform/database/generated/models/Attempt.js';
import type { DeliveryUncheckedCreateInput } from '../../../src/platform/database/generated/models/Delivery.js';
import type { NotificationUncheckedCreateInput } from '../../../src/platform/database/generated/models/Notification.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';

let database: TestDatabase;
let notifications: NotificationRepository;
beforeAll(async () => {
  database = await startDatabase();
  notifications = new NotificationRepository(database.prisma, database.sql);
});
afterAll(() => database.close());

const at = (second: number): Date => new Date(Date.UTC(2_026, 0, 2, 3, 4, second, 567));

/** Every column has a value of its own. */
const FULL = {
  notification: {
    ...{ id: newId(), appId: 'app123', channel: 'sms', kind: 'sms', uid: 'ann', status: 'sent' },
    ...{ content: '{"text":"Hi"}', receivedAt: at(1), settledAt: at(2), requestFingerprint: 'print' },
    ...{ source: 'resend', originId: newId(), receivedBy: 'Basic Auth chat', plannedAt: at(3) },
    plan: { rules: ['quiet', '"quoted"'] },
  },
  delivery: {
    ...{ id: newId(), provider: 'p', kind: 'sms', deviceId: newId(), sessionId: 's', status: 'sent' },
    ...{ address: { phno: '+14155550141' }, reason: 'r', ringSession: 'call', options: { ttl: 1 } },
    ...{ dropped: ['image', 'a,b "c"'], encoding: 'ucs2', segments: 3, country: 'US', currency: 'USD' },
    ...{ costMicros: 9_007_199_254_740_993n, wouldSend: [{ text: '⚡' }], attempts: 2 },
    ...{ claimedUntil: at(4), retryAt: at(5), expiresAt: at(6), settledAt: at(7) },
  },
  attempt: {
    ...{ attempt: 2, provider: 'p', outcome: 'accepted', vendorCode: 'c', vendorMessageId: 'm' },
    ...{ vendorText: 'Fine.', httpStatus: 202, vendorTraceId: 't', startedAt: at(8), durationMs: 9 },
    ...{ possibleDouble: true, receiptStatus: 'delivered', receiptCode: '0', receiptAt: at(10) },
  },
} satisfies Rows;
/** Nothing beyond what a column must have. */
const BARE = {
  notification: {
    ...{ id: newId(), appId: 'app123', channel: 'push', kind: 'chat', uid: 'bob', status: 'queued' },
    ...{ content: '{}', receivedAt: at(1) },
  },
  delivery: { id: newId(), status: 'queued', expiresAt: at(2) },
  attempt: { attempt: 1, provider: 'p', outcome: 'unknown', startedAt: at(3), durationMs: 0 },
} satisfies Rows;

interface Rows {
  readonly notification: NotificationUncheckedCreateInput;
  readonly delivery: Omit<DeliveryUncheckedCreateInput, 'notificationId'>;
  readonly attempt: Omit<AttemptUncheckedCreateInput, 'deliveryId'>;
}

describe('a recorded notification', () => {
  it.each([
    ['with a value in every column', FULL],
    ['with no more than it must have', BARE],
  ])('%s is read as it was written', async (_, { notification, delivery, attempt }: Rows) => {
    const { prisma } = database;
    const { content: _content, ...written } = await prisma.notification.create({ data: notification });
    const planned = { ...delivery, notificationId: written.id };
    const ofDelivery = await prisma.delivery.create({ data: planned });
    const ofAttempt = await prisma.attempt.create({ data: { ...attempt, deliveryId: ofDelivery.id } });
    expect(await notifications.findAll([written.id])).toStrictEqual([
      { notification: written, deliveries: [{ delivery: ofDelivery, attempts: [ofAttempt] }] },
    ]);
  });

  it('has its deliveries and attempts in order, and those of no other one', async () => {
    const { prisma } = database;
    const [older, newer] = [newId(), newId()];
    const deliveryIds = [newId(), newId(), newId()];
    for (const id of [older, newer]) await prisma.notification.create({ data: { ...BARE.notification, id } });
    const [first, second, third] = deliveryIds as [string, string, string];
    for (const [id, notificationId] of [
      [second, newer],
      [third, older],
      [first, newer],
    ] as const)
      await prisma.delivery.create({ data: { ...BARE.delivery, id, notificationId } });
    for (const number of [2, 1])
      await prisma.attempt.create({ data: { ...BARE.attempt, attempt: number, deliveryId: first } });
    const found = await notifications.findAll([older, newer]);
    expect(
      found.map(({ notification, deliveries }) => [
        notification.id,
        deliveries.map(({ delivery, attempts }) => [delivery.id, attempts.map((tried) => tried.attempt)]),
      ]),
    ).toEqual([
      [
        newer,
        [
          [first, [1, 2]],
          [second, []],
        ],
      ],
      [older, [[third, []]]],
    ]);
  });
});
