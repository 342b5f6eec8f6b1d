import { describe, expect, it } from '@jest/globals';
import type { NotificationRecord } from '../deliveries/notification.repository.js';
import { amountOf, toDto } from './notification-view.js';

const at = new Date('2026-01-02T03:04:05.678Z');
const id = '01234567-89ab-7def-8123-456789abcdef';
const notification = {
  id,
  appId: 'app123',
  channel: 'sms',
  kind: 'sms',
  uid: 'ann',
  status: 'sent',
  receivedAt: at,
  requestFingerprint: null,
  source: null,
  originId: null,
  receivedBy: null,
  plannedAt: null,
  plan: null,
  settledAt: null,
};
type Known = NotificationRecord['deliveries'][number];
const delivery: Known['delivery'] = {
  id,
  notificationId: id,
  provider: 'texts',
  kind: 'sms',
  deviceId: null,
  sessionId: null,
  address: { phno: '+14155550100' },
  status: 'sent',
  reason: null,
  ringSession: null,
  options: null,
  dropped: [],
  encoding: null,
  segments: null,
  country: null,
  costMicros: null,
  currency: null,
  wouldSend: null,
  retryAt: null,
  attempts: 1,
  claimedUntil: null,
  expiresAt: at,
  settledAt: null,
};
const attempt: Known['attempts'][number] = {
  deliveryId: id,
  attempt: 1,
  provider: 'texts',
  outcome: 'accepted',
  vendorCode: null,
  vendorMessageId: 'm-1',
  vendorText: null,
  httpStatus: null,
  vendorTraceId: null,
  startedAt: at,
  durationMs: 5,
  possibleDouble: false,
  receiptStatus: null,
  receiptCode: null,
  receiptAt: null,
};
const shown = (change: Partial<Known['delivery']>, ofAttempt: Partial<Known['attempts'][number]> = {}) =>
  toDto({
    notification,
    deliveries: [{ delivery: { ...delivery, ...change }, attempts: [{ ...attempt, ...ofAttempt }] }],
  }).deliveries[0];

describe('toDto', () => {
  it('shows encoding, segments, country and cost of an SMS, or null while unknown', () => {
    const counted = { encoding: 'gsm7', segments: 2, country: 'US' };
    expect(shown({})).toMatchObject({ sms: { encoding: null, segments: null, country: null, cost: null } });
    expect(shown({ ...counted, costMicros: 15_800n, currency: 'USD' })?.sms).toEqual({
      ...counted,
      cost: { amount: '0.0158', currency: 'USD' },
    });
    expect(shown({ kind: 'fcm' })).not.toHaveProperty('sms');
  });

  it('shows `wouldSend` only in a dry run', () => {
    expect(shown({})).not.toHaveProperty('wouldSend');
    expect(shown({ wouldSend: { text: 'hello' } })).toMatchObject({ wouldSend: { text: 'hello' } });
  });

  it('names the fields dropped from a push', () => {
    expect(shown({ kind: 'fcm' })).toMatchObject({ dropped: [] });
    expect(shown({ kind: 'fcm', dropped: ['message', 'body'] })).toMatchObject({
      dropped: ['message', 'body'],
    });
  });

  it('shows the delivery report and a possible double', () => {
    const [plain] = shown({})?.attempts ?? [];
    expect(plain).toMatchObject({ receipt: null });
    expect(plain).not.toHaveProperty('possibleDouble');
    const reported = { receiptStatus: 'failed', receiptCode: '30008', receiptAt: at, possibleDouble: true };
    expect(shown({}, reported)?.attempts).toMatchObject([
      { receipt: { status: 'failed', vendorCode: '30008', at }, possibleDouble: true },
    ]);
  });
});

describe('amountOf', () => {
  it.each([
    [0n, '0.00'],
    [7_900n, '0.0079'],
    [10_000n, '0.01'],
    [1n, '0.000001'],
    [1_500_000n, '1.50'],
    [123_456_789n, '123.456789'],
    [9_007_199_254_740_993_000_000n, '9007199254740993.00'],
  ])('formats %s millionths as %s', (micros, amount) => {
    expect(amountOf(micros)).toBe(amount);
  });
});
