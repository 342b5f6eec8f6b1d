import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO_CONFIG } from '../../../src/platform/config/demo-config.js';
import { apnsError, startApnsServer, type ApnsServer } from '../../support/apns-server.js';
import { fcmAnswer, startFcmServer, type FcmServer } from '../../support/fcm-server.js';
import { startTestGateway, type NotificationJson, type TestGateway } from '../../support/gateway.js';
import { push } from '../../support/payloads.js';

let fcm: FcmServer;
let apns: ApnsServer;
let gateway: TestGateway;
beforeAll(async () => {
  fcm = await startFcmServer();
  apns = await startApnsServer();
  const [app] = DEMO_CONFIG.apps;
  const { key, keyId, teamId } = apns.signingKey;
  const common = { id: 'default', ca: fcm.ca };
  const providers = [
    {
      ...{ ...common, type: 'fcm', endpoint: fcm.url, tokenEndpoint: fcm.tokenUrl },
      serviceAccount: fcm.serviceAccount,
    },
    {
      ...{ ...common, type: 'apns', endpoint: apns.url, key, keyId, teamId },
      ...{ bundleId: apns.bundleId, environment: 'production' },
    },
  ];
  gateway = await startTestGateway({ config: { apps: [{ ...app, push: { providers } }] } });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([fcm.close(), apns.close()]);
});
beforeEach(() => {
  fcm.answerWith(undefined);
  apns.script.answerWith(undefined);
});

let count = 0;
const hex = (): string => (count += 1).toString(16).padStart(64, '0');
const register = async (uid: string, device: object): Promise<string> => {
  const answer = await gateway.backend('POST', `/v1/users/${uid}/devices`, device);
  expect([200, 201]).toContain(answer.statusCode);
  return answer.json<{ id: string }>().id;
};
const send = async (uid: string, details: Record<string, unknown>, name?: string): Promise<string> =>
  (await gateway.webhook('push', push(details, uid, name))).json<{ notificationId: string }>().notificationId;
const ring = (uid: string): Promise<string> =>
  send(uid, { sessionId: `v1.call.${(count += 1)}` }, 'push-call-initiated');
const isAttempted = ({ deliveries }: NotificationJson): boolean =>
  deliveries.length > 0 &&
  deliveries.every(({ status, attempts }) => status === 'queued' && attempts.length > 0);
const bodiesAt = (token: string): unknown[] => [
  ...fcm.received.filter((message) => message.token === token).map(({ data }) => data),
  ...apns.script.received
    .filter((message) => message.token === token)
    .map(({ body }) => JSON.parse(body) as unknown),
];

/** A phone with three chats and a ring that wait because its vendors are down. */
async function phoneWithWaitingPushes(uid: string) {
  const [chatToken, voipToken, sessionId] = [`${uid}-phone-${hex()}`, hex(), `session-of-${uid}`];
  const devices = [
    { platform: 'fcm_flutter_ios', fcmToken: chatToken, sessionId },
    { platform: 'apns_flutter_voip', voipToken, environment: 'production', sessionId },
  ];
  for (const device of devices) await register(uid, device);
  fcm.answerWith(fcmAnswer('fault'));
  apns.script.answerWith(apnsError(503, 'ServiceUnavailable'));
  const waiting = [
    ...(await Promise.all(['one', 'two', 'three'].map((tag) => send(uid, { tag, body: `private ${tag}` })))),
    await ring(uid),
  ];
  for (const id of waiting) await gateway.notification(id, isAttempted);
  return { uid, chatToken, voipToken, sessionId, devices, waiting };
}

/** Restores the vendors. @returns the waiting notifications once they are settled. */
async function afterRecovery(waiting: readonly string[]): Promise<NotificationJson[]> {
  fcm.answerWith(undefined);
  apns.script.answerWith(undefined);
  return gateway.notifications(waiting);
}

describe('a waiting push', () => {
  it.each([
    ['logged out', true],
    ['did not log out', false],
  ])('is not sent to the next owner of the phone if the former owner %s', async (_, logsOut) => {
    const [anna, bert] = [`anna-${logsOut}`, `bert-${logsOut}`];
    const phone = await phoneWithWaitingPushes(anna);
    if (logsOut) await gateway.backend('DELETE', `/v1/users/${anna}/devices?sessionId=${phone.sessionId}`);
    for (const device of phone.devices) await register(bert, { ...device, sessionId: `session-of-${bert}` });
    const records = await afterRecovery(phone.waiting);
    for (const { status, deliveries } of records) {
      expect(status).toBe('skipped');
      expect(deliveries).toMatchObject([{ status: 'skipped', reason: 'device_unregistered' }]);
    }
    // These pushes for the new owner are sent after any of the former owner would be.
    await gateway.notification(await send(bert, { tag: 'own', body: 'of bert' }));
    await gateway.notification(await ring(bert));
    expect(bodiesAt(phone.chatToken)).toMatchObject([{ body: 'of bert' }]);
    expect(bodiesAt(phone.voipToken)).toMatchObject([{ callAction: 'initiated' }]);
  });

  it('is sent to the new tokens of its session', async () => {
    const uid = 'carla';
    const { sessionId, waiting, chatToken, voipToken } = await phoneWithWaitingPushes(uid);
    const [newChat, newVoip] = [`${uid}-phone-${hex()}`, hex()];
    const chatDevice = await register(uid, { platform: 'fcm_flutter_ios', fcmToken: newChat, sessionId });
    await register(uid, { platform: 'apns_flutter_voip', voipToken: newVoip, sessionId });
    const [first, ...others] = await afterRecovery(waiting);
    expect([first, ...others].map((record) => record?.status)).toEqual(['sent', 'sent', 'sent', 'sent']);
    expect(first?.deliveries).toMatchObject([{ deviceId: chatDevice, address: expect.stringMatching(/…/) }]);
    expect(bodiesAt(newChat)).toHaveLength(3);
    expect(bodiesAt(newVoip)).toHaveLength(1);
    expect([...bodiesAt(chatToken), ...bodiesAt(voipToken)]).toEqual([]);
  });

  it('is sent if its device is registered again meanwhile', async () => {
    const { devices, waiting, chatToken } = await phoneWithWaitingPushes('dora');
    for (const device of devices) await register('dora', device);
    await afterRecovery(waiting);
    expect(bodiesAt(chatToken)).toHaveLength(3);
  });
});

describe('a call to an iPhone with FCM and VoIP tokens', () => {
  const iphone = async (uid: string) => {
    const [chatToken, voipToken, sessionId] = [`${uid}-phone-${hex()}`, hex(), `session-of-${uid}`];
    await register(uid, { platform: 'fcm_react_native_ios', fcmToken: chatToken, sessionId });
    await register(uid, {
      platform: 'apns_react_native_voip',
      voipToken,
      sessionId,
      environment: 'production',
    });
    return { chatToken, voipToken };
  };

  it('rings by VoIP only, and alerts a tablet without a session', async () => {
    const { chatToken, voipToken } = await iphone('emil');
    const tablet = hex();
    await register('emil', { platform: 'apns_ios_device', deviceToken: tablet });
    await gateway.notification(await ring('emil'));
    expect([bodiesAt(voipToken), bodiesAt(tablet), bodiesAt(chatToken)].map(({ length }) => length)).toEqual([
      1, 1, 0,
    ]);
  });

  it.each([
    [410, 'Unregistered', 'token_unregistered'],
    [400, 'BadDeviceToken', 'token_invalid'],
  ])('rings by FCM if APNs answers %s %s', async (status, code, reason) => {
    const uid = `frida-${status}`;
    const { chatToken, voipToken } = await iphone(uid);
    apns.script.answerWith((message) =>
      message.token === voipToken ? apnsError(status, code, { timestamp: Date.now() }) : undefined,
    );
    const record = await gateway.notification(await ring(uid));
    expect(record.status).toBe('sent');
    expect(record.deliveries).toMatchObject([
      { kind: 'apns-voip', status: 'failed', reason },
      { kind: 'fcm', status: 'sent' },
    ]);
    expect(bodiesAt(chatToken)).toMatchObject([{ callAction: 'initiated' }]);
  });
});
