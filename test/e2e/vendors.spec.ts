import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PUSH_VENDORS, startAllVendors, VENDORS, type AllVendors } from '../support/all-vendors.js';
import { startTestGateway, type NotificationJson, type TestGateway } from '../support/gateway.js';
import { payloadNames, push, sms } from '../support/payloads.js';
import { SMS_VENDORS } from '../support/sms-vendors.js';

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

let count = 0;
const hex = (): string => (count += 1).toString(16).padStart(64, '0');

/** One device of every kind that has rules of its own, each in a login of its own. */
const DEVICES: readonly (() => Record<string, unknown>)[] = [
  () => ({ platform: 'fcm_android', fcmToken: `android-${hex()}` }),
  () => ({ platform: 'fcm_ios', fcmToken: `ios-${hex()}` }),
  () => ({ platform: 'fcm_web', fcmToken: `web-${hex()}` }),
  () => ({ platform: 'fcm_flutter_android', fcmToken: `flutter-${hex()}` }),
  () => ({ platform: 'fcm_react_native_ios', fcmToken: `react-${hex()}` }),
  () => ({ platform: 'apns_ios_device', deviceToken: hex() }),
  () => ({ platform: 'apns_ios_device', deviceToken: hex(), environment: 'sandbox' }),
  () => ({ platform: 'apns_ios_voip', voipToken: hex(), environment: 'production' }),
  () => ({ platform: 'apns_flutter_voip', voipToken: hex(), environment: 'sandbox' }),
  () => ({ platform: 'web_push', subscription: vendors.subscribe() }),
  () => ({ platform: 'expo', pushToken: `ExponentPushToken[${hex()}]` }),
  () => ({ platform: 'hms_android', pushToken: `huawei-${hex()}` }),
];
const VOIP_DEVICES = 2;

async function register(uid: string, device: Record<string, unknown>): Promise<string> {
  const sessionId = `session-${(count += 1)}`;
  const answer = await gateway.backend('POST', `/v1/users/${uid}/devices`, { ...device, sessionId });
  expect(answer.statusCode).toBe(201);
  return answer.json<{ id: string }>().id;
}
async function personWithAll(): Promise<string> {
  const uid = `person-${(count += 1)}`;
  for (const device of DEVICES) await register(uid, device());
  return uid;
}
async function send(channel: 'push' | 'sms', body: unknown): Promise<string> {
  const answer = await gateway.webhook(channel, body);
  expect(answer.statusCode).toBe(200);
  return answer.json<{ notificationId: string }>().notificationId;
}
const devicesOf = async (uid: string): Promise<string[]> =>
  (await gateway.backend('GET', `/v1/users/${uid}/devices`))
    .json<{ data: { id: string }[] }>()
    .data.map(({ id }) => id);

/** What became of each delivery, with the vendor's own word where it was not sent. */
const ends = ({ deliveries }: NotificationJson): string[] =>
  deliveries.map(({ kind, status, attempts }) => `${kind} ${status} ${attempts.at(-1)?.vendorCode ?? ''}`);

describe('every documented payload', () => {
  it.each(payloadNames.filter((name) => name.startsWith('push-')))(
    '%s is taken by the vendor of every kind of device',
    async (name) => {
      const uid = await personWithAll();
      const record = await gateway.notification(await send('push', push({}, uid, name)));
      const rings = name === 'push-call-initiated';
      expect(ends(record).filter((end) => !end.endsWith(' sent '))).toEqual([]);
      expect(record.deliveries).toHaveLength(DEVICES.length - (rings ? 0 : VOIP_DEVICES));
    },
  );

  it.each(payloadNames.filter((name) => name.startsWith('sms-')))('%s is taken by Twilio', async (name) => {
    const record = await gateway.notification(await send('sms', sms('+14155550100', undefined, name)));
    expect(ends(record)).toEqual(['sms sent ']);
    expect(record.deliveries[0]?.provider).toBe('twilio');
  });

  it('a text comes to the last of its vendors where all others are down', async () => {
    for (const name of SMS_VENDORS.slice(0, -1)) vendors.each[name].play('fault');
    const record = await gateway.notification(await send('sms', sms('+14155550100', 'reader')));
    expect(ends(record)).toEqual(['sms sent ']);
    expect(record.deliveries[0]?.attempts.map(({ provider }) => provider)).toEqual(SMS_VENDORS);
  });

  it('also where it is as large as it may be', async () => {
    const uid = await personWithAll();
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
  it('is reached in the environment that its token is from', async () => {
    const uid = `person-${(count += 1)}`;
    const [first, second] = [hex(), hex()];
    await register(uid, { platform: 'apns_ios_device', deviceToken: first });
    await register(uid, { platform: 'apns_ios_device', deviceToken: second, environment: 'sandbox' });
    await gateway.notification(await send('push', push({}, uid)));
    const last = (name: 'apns' | 'apns-sandbox'): unknown => vendors.each[name].received.at(-1);
    expect(last('apns')).toMatchObject({ token: first });
    expect(last('apns-sandbox')).toMatchObject({ token: second });
  });

  it('is retired by a 410, unless it was registered again since', async () => {
    const uid = `person-${(count += 1)}`;
    const kept = await register(uid, { platform: 'apns_ios_device', deviceToken: hex() });
    vendors.apnsUnregisteredSince(new Date(Date.now() - 60_000));
    expect((await gateway.notification(await send('push', push({}, uid)))).status).toBe('failed');
    // The order to retire goes through one lane: when the second is done, the first has been.
    const other = `person-${(count += 1)}`;
    await register(other, { platform: 'apns_ios_device', deviceToken: hex() });
    vendors.apnsUnregisteredSince(new Date(Date.now() + 60_000));
    await gateway.notification(await send('push', push({}, other)));
    const deadline = Date.now() + 30_000;
    while ((await devicesOf(other)).length > 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await devicesOf(other)).toEqual([]);
    expect(await devicesOf(uid)).toEqual([kept]);
  });
});

/** Vendors that failed for a while are left alone for up to half a minute more. */
async function settledAfterOutage(id: string): Promise<NotificationJson> {
  const deadline = Date.now() + 75_000;
  for (;;) {
    const record = (await gateway.backend('GET', `/v1/notifications/${id}`)).json<NotificationJson>();
    if (record.settledAt !== null || Date.now() > deadline) return record;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe('an outage of every vendor', () => {
  it('costs no delivery', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, personWithAll));
    const before = VENDORS.map((name) => vendors.each[name].received.length);
    for (const name of VENDORS) vendors.each[name].play('fault');
    const ids = await Promise.all([
      ...people.map((uid) => send('push', push({ tag: `outage-${uid}` }, uid))),
      ...people.map((uid, i) => send('sms', sms(`+1415555${String(2_000 + i)}`, uid))),
    ]);
    const deadline = Date.now() + 30_000;
    const askedBefore = VENDORS.map((name) => vendors.each[name].asked());
    while (VENDORS.some((name, i) => vendors.each[name].asked() === askedBefore[i]) && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(VENDORS.map((name) => vendors.each[name].received.length)).toEqual(before);
    for (const name of VENDORS) vendors.each[name].play('accept');
    const records = await Promise.all(ids.map(settledAfterOutage));
    expect(records.flatMap(ends).filter((end) => !end.includes(' sent '))).toEqual([]);
    expect(records.flatMap(({ deliveries }) => deliveries).some(({ attempts }) => attempts.length > 1)).toBe(
      true,
    );
    const taken = VENDORS.map((name, i) => vendors.each[name].received.length - (before[i] ?? 0));
    expect(taken.slice(0, PUSH_VENDORS.length)).toEqual([50, 10, 10, 10, 10, 10]);
    // Which of its vendors is back first for a text is all the same; one of them has it, and no other.
    const texts = taken.slice(PUSH_VENDORS.length);
    expect(texts.reduce((sum, each) => sum + each, 0)).toBe(people.length);
  }, 120_000);
});
