import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CallStateRepository } from '../../../src/deliveries/call-state.repository.js';
import { Ledger } from '../../../src/deliveries/ledger.js';
import type { AcceptedNotification, RecordedNotification } from '../../../src/deliveries/records.js';
import type { PlannedDelivery } from '../../../src/domain/delivery.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { DeviceLookup } from '../../../src/recipients/devices/device-lookup.js';
import { DeviceRepository } from '../../../src/recipients/devices/device.repository.js';
import type { Registration } from '../../../src/recipients/devices/registration.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';
import { testApp, testRegistration } from '../../support/recipients.js';

let database: TestDatabase;
let devices: DeviceRepository;
let lookup: DeviceLookup;
let ledger: Ledger;
let calls: CallStateRepository;
beforeAll(async () => {
  database = await startDatabase();
  devices = new DeviceRepository(database.prisma);
  lookup = new DeviceLookup(database.sql, database.prisma);
  ledger = new Ledger(database.sql, database.prisma, Object.assign(new GatewayConfig(), { apps: [app] }));
  calls = new CallStateRepository(database.sql);
});
afterAll(() => database.close());

describe('Ledger.plan with first attempts', () => {
  it('claims them, exactly as a later claim would', async () => {
    const uid = newUid();
    await register(uid, `token-of-${uid}`, { ...ALERT, environment: 'sandbox', sessionId: 's1' });
    const [first, second] = [await pushTo(uid), await pushTo(uid)];
    const accepted = notification(uid);
    const recorded = await planFirst(accepted, [first], [second]);
    expect(recorded.queued).toMatchObject([{ id: second.id }]);
    const later = await ledger.claim(second.id);
    if (later.state !== 'claimed') throw new Error(later.state);
    const expected = { ...later.delivery, id: first.id };
    expect(recorded.claimed).toEqual([
      { ...expected, claimedAt: expect.any(Date), beginBefore: expect.any(Number) },
    ]);
    expect(await ledger.claim(first.id)).toMatchObject({ state: 'busy' });
    const { rows } = await database.sql.query(
      'SELECT attempt, provider, outcome, duration_ms FROM attempt WHERE delivery_id = $1',
      [first.id],
    );
    expect(rows).toEqual([{ attempt: 1, provider: 'default', outcome: 'unknown', duration_ms: 0 }]);
  });

  it.each<[string, (uid: string, token: string, device: string) => Promise<unknown>]>([
    ['unregistered', (uid) => devices.remove({ app, uid }, { by: 'user' })],
    ['retired', (_, __, device) => lookup.retire(device, { at: new Date(), reason: 'x', vendorCode: '' })],
    ['registered by another user', (_, token) => register(newUid(), token, { sessionId: 's1' })],
    ['in another session', (uid, token) => register(uid, token, { sessionId: 's2' })],
    ['served by another provider', (uid, token) => register(uid, token, { ...S1, providerId: 'fcm' })],
  ])('leaves a device that is %s since it was looked up to a later claim', async (_what, change) => {
    const uid = newUid();
    const token = `token-of-${uid}`;
    const device = await register(uid, token, S1);
    const push = await pushTo(uid);
    await change(uid, token, device);
    const recorded = await planFirst(notification(uid), [push]);
    expect(recorded).toMatchObject({ claimed: [], queued: [{ id: push.id }] });
    const { rows } = await database.sql.query('SELECT 1 FROM attempt WHERE delivery_id = $1', [push.id]);
    expect(rows).toEqual([]);
  });

  it('claims no ring of a call that has ended', async () => {
    const uid = newUid();
    await register(uid, `token-of-${uid}`, S1);
    const [over, ringing] = [
      { ...(await pushTo(uid)), ringSession: 'over' },
      { ...(await pushTo(uid)), ringSession: 'ringing' },
    ];
    await calls.end({ appId: app.appId, uid, sessionId: 'over' }, 'cancelled');
    const recorded = await planFirst(notification(uid, { kind: 'call' }), [over, ringing]);
    expect(recorded.claimed).toMatchObject([{ id: ringing.id, rings: true }]);
    expect(await ledger.claim(over.id)).toEqual({ state: 'expired', reason: 'call_over' });
  });

  it('claims no SMS to a number that its contact no longer has', async () => {
    const uid = newUid();
    await setNumber(uid, '+12015550123');
    const smsTo = (phno: string, ofContact: boolean): PlannedDelivery => ({
      ...{ id: newId(), provider: 'default', kind: 'sms', deviceId: null, address: { phno } },
      options: { sms: { route: ['default'], onOverQuota: 'moveOn', country: 'US', ofContact } },
    });
    const [former, given, current] = [
      smsTo('+12015550199', true),
      smsTo('+12015550199', false),
      smsTo('+12015550123', true),
    ];
    const sms = notification(uid, { channel: 'sms', kind: 'sms' });
    const recorded = await planFirst(sms, [former, given, current]);
    expect(recorded.claimed).toMatchObject([
      { id: given.id, channel: 'sms', earlier: [] },
      { id: current.id },
    ]);
    expect(await ledger.claim(former.id)).toEqual({ state: 'unaddressed', reason: 'number_withdrawn' });
  });

  it('claims nothing that has expired', async () => {
    const uid = newUid();
    await register(uid, `token-of-${uid}`, S1);
    const push = await pushTo(uid);
    const expired = notification(uid, { expiresAt: new Date(Date.now() - 1) });
    expect(await planFirst(expired, [push])).toMatchObject({ claimed: [], queued: [{ id: push.id }] });
  });

  it('gives the claims to one of two jobs of a notification, and the deliveries to both', async () => {
    const uid = newUid();
    await register(uid, `token-of-${uid}`, S1);
    const [accepted, push] = [notification(uid), await pushTo(uid)];
    const both = await Promise.all([planFirst(accepted, [push]), planFirst(accepted, [await pushTo(uid)])]);
    expect(both.filter(({ claimed }) => claimed.length === 1)).toHaveLength(1);
    expect(both.find(({ claimed }) => claimed.length === 0)?.queued).toMatchObject([{ id: push.id }]);
    expect(await planFirst(accepted, [push])).toMatchObject({ claimed: [], queued: [{ id: push.id }] });
  });

  it('answers a repetition with the time until the next attempt', async () => {
    const uid = newUid();
    await register(uid, `token-of-${uid}`, S1);
    const [accepted, push] = [notification(uid), await pushTo(uid)];
    await planFirst(accepted, [push]);
    await ledger.record({
      ...{ deliveryId: push.id, notificationId: accepted.id, attempt: 1, outcome: 'unavailable' },
      ...{ vendorCode: '503', vendorMessageId: null, durationMs: 1, dropped: [] },
      ...{ status: 'queued', reason: null, retryInMs: 60_000 },
    });
    const [left] = (await planFirst(accepted, [push])).queued;
    expect(left?.dueInMs).toBeGreaterThan(30_000);
    expect(left?.dueInMs).toBeLessThanOrEqual(60_000);
  });
});

const app = testApp();
const ALERT = { transport: 'apns', platform: 'apns_ios_device' } as const;
const S1 = { sessionId: 's1' };

let count = 0;
const newUid = (): string => `user-${(count += 1)}`;
const register = async (uid: string, token: string, changes: Partial<Registration> = {}): Promise<string> =>
  (await devices.register({ app, uid }, testRegistration(token, changes))).device.id;
const setNumber = (uid: string, phno: string): Promise<unknown> =>
  database.sql.query('INSERT INTO contact (app_id, uid, phno) VALUES ($1, $2, $3)', [app.appId, uid, phno]);

/** A push to the user's only device, as planned. */
async function pushTo(uid: string): Promise<PlannedDelivery> {
  const [device] = await lookup.devicesOf(app.appId, uid);
  if (!device) throw new Error(`${uid} has no device.`);
  const { id: deviceId, providerId: provider, sessionId, address } = device;
  return { id: newId(), provider, kind: 'sandbox', deviceId, sessionId, address };
}

const notification = (uid: string, changes: Partial<AcceptedNotification> = {}): AcceptedNotification => ({
  ...{ id: newId(), appId: app.appId, channel: 'push', kind: 'chat', uid, content: '{"a":1}' },
  ...{ receivedAt: new Date(), expiresAt: new Date(Date.now() + 60_000) },
  ...changes,
});

/** Plans deliveries and claims the first ones. */
const planFirst = (
  accepted: AcceptedNotification,
  first: readonly PlannedDelivery[],
  others: readonly PlannedDelivery[] = [],
): Promise<RecordedNotification> =>
  ledger.plan(accepted, { deliveries: [...first, ...others] }, undefined, {
    ids: new Set(first.map(({ id }) => id)),
    content: JSON.parse(accepted.content) as unknown,
  });
