import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../src/deliveries/ledger.js';
import type { Claim } from '../../../src/deliveries/records.js';
import type { ClaimedDelivery, DeliveryOptions, PlannedDelivery } from '../../../src/domain/delivery.js';
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
beforeAll(async () => {
  database = await startDatabase();
  devices = new DeviceRepository(database.prisma);
  lookup = new DeviceLookup(database.sql, database.prisma);
  ledger = new Ledger(database.sql, database.prisma, Object.assign(new GatewayConfig(), { apps: [app] }));
});
afterAll(() => database.close());

describe('Ledger.claim', () => {
  it('returns the current address of the device', async () => {
    const uid = newUid();
    const token = `token-of-${uid}`;
    const device = await register(uid, token, { ...ALERT, environment: 'sandbox' });
    const { id } = await planned(uid);
    await register(uid, token, { ...ALERT, environment: 'production', providerId: 'fcm' });
    expect(claimed(await ledger.claim(id))).toMatchObject({
      deviceId: device,
      provider: 'fcm',
      kind: 'apns',
      address: { ...ALERT, token, environment: 'production' },
    });
  });

  it.each<[string, (uid: string, token: string, device: string) => Promise<unknown>]>([
    ['unregistered', (uid) => devices.remove({ app, uid }, { by: 'user' })],
    ['retired', (_, __, device) => lookup.retire(device, { at: new Date(), reason: 'x', vendorCode: '' })],
    ['registered by another user', (_, token) => register(newUid(), token, { sessionId: 's1' })],
    [
      'back in another session',
      async (uid, token) => {
        await register(newUid(), token);
        await register(uid, token, { sessionId: 's2' });
      },
    ],
  ])('returns no claim for a device that is %s', async (_what, change) => {
    const uid = newUid();
    const token = `token-of-${uid}`;
    const device = await register(uid, token, { sessionId: 's1' });
    const { id, notificationId } = await planned(uid);
    await change(uid, token, device);
    expect(await ledger.claim(id)).toEqual(GONE);
    await ledger.abandon(id, 'device_unregistered');
    expect(await ledger.claim(id)).toEqual({ state: 'settled' });
    const { rows } = await database.sql.query('SELECT status, settled_at FROM notification WHERE id = $1', [
      notificationId,
    ]);
    expect(rows).toEqual([{ status: 'skipped', settled_at: expect.any(Date) }]);
  });

  it('follows the session to its newer token of the same transport only', async () => {
    const uid = newUid();
    await register(uid, `old-of-${uid}`, { sessionId: 's1' });
    const { id } = await planned(uid);
    const newer = await register(uid, `new-of-${uid}`, { sessionId: 's1' });
    await register(uid, `browser-of-${uid}`, { sessionId: 's1', transport: 'webpush', platform: 'web_push' });
    await register(uid, `other-of-${uid}`, { sessionId: 's2' });
    expect(claimed(await ledger.claim(id))).toMatchObject({
      deviceId: newer,
      address: { token: `new-of-${uid}` },
    });
  });

  it('does not follow a device without a session, nor a delivery planned by an earlier version', async () => {
    for (const sessionId of [null, 's1']) {
      const uid = newUid();
      await register(uid, `old-of-${uid}`, { sessionId });
      const { id } = await planned(uid);
      await database.sql.query('UPDATE delivery SET session_id = NULL WHERE id = $1', [id]);
      await devices.remove({ app, uid }, { by: 'user' });
      await register(uid, `new-of-${uid}`, { sessionId });
      expect(await ledger.claim(id)).toEqual(GONE);
    }
  });

  it.each([
    ['was deleted', 'DELETE FROM contact WHERE uid = $1'],
    ['has changed', `UPDATE contact SET phno = '+14155550199' WHERE uid = $1`],
  ])('returns no claim for an SMS to a contact that %s', async (_what, change) => {
    const uid = newUid();
    const address = { phno: '+14155550100' };
    await database.prisma.contact.create({ data: { appId: app.appId, uid, ...address } });
    const smsTo = (sms: object): PlannedDelivery => ({
      ...{ id: newId(), provider: 'main', kind: 'sms', deviceId: null, address },
      options: { sms: { route: ['main'], onOverQuota: 'wait', country: 'US', ...sms } },
    });
    const [ofContact, later, given] = [smsTo({ ofContact: true }), smsTo({ ofContact: true }), smsTo({})];
    const times = { receivedAt: new Date(), expiresAt: new Date(Date.now() + 60_000) };
    const kinds = { appId: app.appId, channel: 'sms', kind: 'sms', uid, content: '{}' } as const;
    await ledger.plan({ id: newId(), ...kinds, ...times }, { deliveries: [ofContact, later, given] });
    expect(claimed(await ledger.claim(ofContact.id)).address).toEqual(address);
    await database.sql.query(change, [uid]);
    expect(await ledger.claim(later.id)).toEqual({ state: 'unaddressed', reason: 'number_withdrawn' });
    expect(claimed(await ledger.claim(given.id)).address).toEqual(address);
  });

  it('leaves the digest to the next push when nobody receives the delivery that carries it', async () => {
    const uid = newUid();
    await register(uid, `token-of-${uid}`);
    const limits = { ceiling: 1, windowSeconds: 60, collapseSeconds: 10 };
    const countOne = (notificationId: string) =>
      ledger.countPush(
        {
          ...{ notificationId, appId: app.appId, uid, conversationId: 'c', content: '{}', options: {} },
          notBefore: new Date(0),
        },
        limits,
      );
    await countOne(newId());
    const digestId = newId();
    expect(await countOne(digestId)).toMatchObject({ place: DIGEST });
    const burst = { conversationId: 'c', count: 2, silent: false };
    const { id } = await planned(uid, { storm: burst }, digestId);
    expect(await countOne(newId())).toEqual({ place: 'collapsed' });
    await devices.remove({ app, uid }, { by: 'user' });
    expect(await ledger.claim(id)).toEqual(GONE);
    await ledger.abandon(id, 'device_unregistered');
    expect(await countOne(newId())).toMatchObject({ place: DIGEST });
  });
});

describe('the replacement for a push that its device did not receive', () => {
  const replaced = async (lost: { id: string; notificationId: string }): Promise<unknown[]> => {
    await ledger.planInstead(lost);
    // Repeated as after a crash.
    await ledger.planInstead(lost);
    const ids = (await ledger.plannedInstead(lost)).map(({ id }) => id);
    return Promise.all(
      ids.map(async (id) => (claimed(await ledger.claim(id)).address as { token: string }).token),
    );
  };
  const call = async (): Promise<{ uid: string; lost: { id: string; notificationId: string } }> => {
    const uid = newUid();
    await register(uid, `voip-of-${uid}`, { ...VOIP, sessionId: 's1' });
    const lost = await planned(uid);
    claimed(await ledger.claim(lost.id));
    return { uid, lost };
  };

  it('goes once to each alert token of the same device', async () => {
    const { uid, lost } = await call();
    await register(uid, 'alert', { ...ALERT, sessionId: 's1' });
    await register(uid, 'flutter', { platform: 'fcm_flutter_ios', sessionId: 's1' });
    await register(uid, 'other-phone', { ...ALERT, sessionId: 's2' });
    await register(uid, 'no-session', { ...ALERT, token: 'no-session' });
    await register(newUid(), 'stranger', { ...ALERT, sessionId: 's1' });
    expect(new Set(await replaced(lost))).toEqual(new Set(['alert', 'flutter']));
  });

  it('goes to a newer VoIP token only, if there is one', async () => {
    const { uid, lost } = await call();
    await register(uid, `newer-of-${uid}`, { ...VOIP, sessionId: 's1' });
    await register(uid, `alert-of-${uid}`, { ...ALERT, sessionId: 's1' });
    expect(await replaced(lost)).toEqual([`newer-of-${uid}`]);
  });

  it('is not planned if the push already went to the other token, or there is none', async () => {
    const uid = newUid();
    await register(uid, `alert-of-${uid}`, { ...ALERT, sessionId: 's1' });
    await register(uid, `voip-of-${uid}`, { ...VOIP, sessionId: 's1' });
    expect(await replaced(await planned(uid))).toEqual([]);
    expect(await replaced((await call()).lost)).toEqual([]);
  });
});

const app = testApp();

/** The `place` of a push that becomes a digest. */
const DIGEST = 'digest';
let count = 0;
const newUid = (): string => `user-${(count += 1)}`;
const VOIP = { transport: 'apns-voip', platform: 'apns_ios_voip' } as const;
const ALERT = { transport: 'apns', platform: 'apns_ios_device' } as const;
const register = async (uid: string, token: string, changes: Partial<Registration> = {}): Promise<string> =>
  (await devices.register({ app, uid }, testRegistration(token, changes))).device.id;

/** Plans a push to every device of a user. @returns the id of the delivery to the newest device. */
async function planned(uid: string, options: DeliveryOptions = {}, notificationId = newId()) {
  const found = await lookup.devicesOf(app.appId, uid);
  const deliveries = found.map(({ id: deviceId, providerId: provider, sessionId, address }) => ({
    ...{ id: newId(), provider, kind: 'sandbox', deviceId, sessionId, address, options },
  }));
  const times = { receivedAt: new Date(), expiresAt: new Date(Date.now() + 60_000) };
  const kinds = { appId: app.appId, channel: 'push', kind: 'chat', uid, content: '{}' } as const;
  await ledger.plan({ id: notificationId, ...kinds, ...times }, { deliveries });
  const [id = ''] = deliveries.map((delivery) => delivery.id);
  return { notificationId, id };
}
const claimed = (claim: Claim): ClaimedDelivery => {
  if (claim.state !== 'claimed') throw new Error(`Unexpected claim state: ${claim.state}`);
  return claim.delivery;
};
const GONE = { state: 'unaddressed', reason: 'device_unregistered' };
