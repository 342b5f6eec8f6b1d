import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startAllVendors, VENDORS, type AllVendors } from '../support/all-vendors.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { payloadNames, push, sms } from '../support/payloads.js';
import { SMS_VENDORS } from '../support/sms-vendors.js';
import { until } from '../support/until.js';
import { DEVICE_COUNT, ends, peopleOf, VOIP_DEVICES } from '../support/vendor-people.js';

let vendors: AllVendors;
let gateway: TestGateway;
beforeAll(async () => {
  vendors = await startAllVendors();
  gateway = await startTestGateway({ config: { apps: [vendors.app] } });
});
afterAll(async () => {
  await gateway.close();
  await vendors.close();
});
beforeEach(() => {
  for (const name of VENDORS) vendors.each[name].play('accept');
});

const { newUid, newToken, register, userWithAll, send } = peopleOf(
  () => gateway,
  () => vendors,
);
const devicesOf = async (uid: string): Promise<string[]> =>
  (await gateway.backend('GET', `/v1/users/${uid}/devices`))
    .json<{ data: { id: string }[] }>()
    .data.map(({ id }) => id);

describe('every documented payload', () => {
  it.each(payloadNames.filter((name) => name.startsWith('push-')))(
    '%s is accepted by the vendor of every kind of device',
    async (name) => {
      const uid = await userWithAll();
      const record = await gateway.notification(await send('push', push({}, uid, name)));
      const rings = name === 'push-call-initiated';
      expect(ends(record).filter((end) => !end.endsWith(' sent '))).toEqual([]);
      expect(record.deliveries).toHaveLength(DEVICE_COUNT - (rings ? 0 : VOIP_DEVICES));
    },
  );

  it.each(payloadNames.filter((name) => name.startsWith('sms-')))(
    '%s is accepted by Twilio',
    async (name) => {
      const record = await gateway.notification(await send('sms', sms('+14155550100', undefined, name)));
      expect(ends(record)).toEqual(['sms sent ']);
      expect(record.deliveries[0]?.provider).toBe('twilio');
    },
  );

  it('is sent by the last SMS vendor of its route if all others are down', async () => {
    for (const name of SMS_VENDORS.slice(0, -1)) vendors.each[name].play('fault');
    const record = await gateway.notification(await send('sms', sms('+14155550100', 'reader')));
    expect(ends(record)).toEqual(['sms sent ']);
    expect(record.deliveries[0]?.attempts.map(({ provider }) => provider)).toEqual(SMS_VENDORS);
  });

  it('is accepted at its maximum size', async () => {
    const uid = await userWithAll();
    const message = { id: '1', text: 'ü"😎'.repeat(4_000) };
    for (const details of [
      { message },
      { body: 'ü"😎'.repeat(2_000), custom: message },
      { tag: 'g'.repeat(200), conversationId: `group_${'ü'.repeat(100)}` },
    ]) {
      const record = await gateway.notification(await send('push', push(details, uid)));
      expect(ends(record).filter((end) => !end.endsWith(' sent '))).toEqual([]);
    }
  });
});

describe('an iPhone', () => {
  it('gets a push in the APNs environment of its token', async () => {
    const uid = newUid();
    const [first, second] = [newToken(), newToken()];
    await register(uid, { platform: 'apns_ios_device', deviceToken: first });
    await register(uid, { platform: 'apns_ios_device', deviceToken: second, environment: 'sandbox' });
    await gateway.notification(await send('push', push({}, uid)));
    const last = (name: 'apns' | 'apns-sandbox'): unknown => vendors.each[name].received.at(-1);
    expect(last('apns')).toMatchObject({ token: first });
    expect(last('apns-sandbox')).toMatchObject({ token: second });
  });

  it('without a registered environment is tried in the other one, which is then stored', async () => {
    const uid = newUid();
    const deviceToken = newToken();
    const device = { platform: 'apns_ios_device', deviceToken };
    const kept = await register(uid, device);
    const asked = (): number[] => [vendors.each.apns.asked(), vendors.each['apns-sandbox'].asked()];
    const before = asked();
    vendors.apnsKnowsNoToken('apns');
    expect(ends(await gateway.notification(await send('push', push({}, uid))))).toEqual(['apns sent ']);
    // The client registers again, still without an environment.
    expect((await gateway.backend('POST', `/v1/users/${uid}/devices`, device)).statusCode).toBe(200);
    expect(ends(await gateway.notification(await send('push', push({}, uid))))).toEqual(['apns sent ']);
    expect(vendors.each['apns-sandbox'].received.at(-1)).toMatchObject({ token: deviceToken });
    expect(asked().map((count, i) => count - (before[i] ?? 0))).toEqual([1, 2]);
    const sql = new pg.Client({ connectionString: gateway.databaseUrl });
    await sql.connect();
    const stored = async (): Promise<string | null | undefined> =>
      (
        await sql.query<{ environment: string | null }>('SELECT environment FROM device WHERE id = $1', [
          kept,
        ])
      ).rows[0]?.environment;
    try {
      await until(async () => (await stored()) === 'sandbox', stored);
    } finally {
      await sql.end();
    }
  });

  it('is retired if neither environment knows its token', async () => {
    const uid = newUid();
    await register(uid, { platform: 'apns_ios_device', deviceToken: newToken() });
    vendors.apnsKnowsNoToken('apns');
    vendors.apnsKnowsNoToken('apns-sandbox');
    expect(ends(await gateway.notification(await send('push', push({}, uid))))).toEqual([
      'apns failed BadDeviceToken',
    ]);
    await until(
      async () => (await devicesOf(uid)).length === 0,
      () => devicesOf(uid),
    );
  });

  it('is retired by a 410 unless it was registered later', async () => {
    const uid = newUid();
    const kept = await register(uid, { platform: 'apns_ios_device', deviceToken: newToken() });
    vendors.apnsUnregisteredSince(new Date(Date.now() - 60_000));
    expect((await gateway.notification(await send('push', push({}, uid)))).status).toBe('failed');
    // Retirements share one queue: once the second has run, so has the first.
    const other = newUid();
    await register(other, { platform: 'apns_ios_device', deviceToken: newToken() });
    vendors.apnsUnregisteredSince(new Date(Date.now() + 60_000));
    await gateway.notification(await send('push', push({}, other)));
    await until(
      async () => (await devicesOf(other)).length === 0,
      () => devicesOf(other),
    );
    expect(await devicesOf(uid)).toEqual([kept]);
  });
});
