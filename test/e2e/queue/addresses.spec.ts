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
const isTried = ({ deliveries }: NotificationJson): boolean =>
  deliveries.every(({ status, attempts }) => status === 'queued' && attempts.length > 0);
const bodiesAt = (token: string): unknown[] => [
  ...fcm.received.filter((message) => message.token === token).map(({ data }) => data),
  ...apns.script.received
    .filter((message) => message.token === token)
    .map(({ body }) => JSON.parse(body) as unknown),
];

/** A phone whose vendors are away while three chats and a ring come for its owner. */
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
  for (const id of waiting) await gateway.notification(id, isTried);
  return { uid, chatToken, voipToken, sessionId, devices, waiting };
}

/** The vendors are back, and all that waited is done. */
async function afterwards(waiting: readonly string[]): Promise<NotificationJson[]> {
  fcm.answerWith(undefined);
  apns.script.answerWith(undefined);
  return gateway.notifications(waiting);
}

describe('what waits for a person', () => {
  it.each([
    ['logged out', true],
    ['did not even log out', false],
  ])('never comes to who has the phone next, where the former owner %s', async (_how, logsOut) => {
    const [anna, bert] = [`anna-${logsOut}`, `bert-${logsOut}`];
    const phone = await phoneWithWaitingPushes(anna);
    if (logsOut) await gateway.backend('DELETE', `/v1/users/${anna}/devices?sessionId=${phone.sessionId}`);
    for (const device of phone.devices) await register(bert, { ...device, sessionId: `session-of-${bert}` });
    const records = await afterwards(phone.waiting);
    for (const { status, deliveries } of records) {
      expect(status).toBe('skipped');
      expect(deliveries).toMatchObject([{ status: 'skipped', reason: 'device_unregistered' }]);
    }
    // To be sure that nothing of it comes, something of the new owner's comes after it.
    await gateway.notification(await send(bert, { tag: 'own', body: 'of bert' }));
    await gateway.notification(await ring(bert));
    expect(bodiesAt(phone.chatToken)).toMatchObject([{ body: 'of bert' }]);
    expect(bodiesAt(phone.voipToken)).toMatchObject([{ callAction: 'initiated' }]);
  });

  it('goes to the newer tokens of the same session', async () => {
    const uid = 'carla';
    const { sessionId, waiting, chatToken, voipToken } = await phoneWithWaitingPushes(uid);
    const [newChat, newVoip] = [`${uid}-phone-${hex()}`, hex()];
    const chatDevice = await register(uid, { platform: 'fcm_flutter_ios', fcmToken: newChat, sessionId });
    await register(uid, { platform: 'apns_flutter_voip', voipToken: newVoip, sessionId });
    const [first, ...others] = await afterwards(waiting);
    expect([first, ...others].map((record) => record?.status)).toEqual(['sent', 'sent', 'sent', 'sent']);
    expect(first?.deliveries).toMatchObject([{ deviceId: chatDevice, address: expect.stringMatching(/…/) }]);
    expect(bodiesAt(newChat)).toHaveLength(3);
    expect(bodiesAt(newVoip)).toHaveLength(1);
    expect([...bodiesAt(chatToken), ...bodiesAt(voipToken)]).toEqual([]);
  });

  it('comes where the same device is registered again meanwhile', async () => {
    const { devices, waiting, chatToken } = await phoneWithWaitingPushes('dora');
    for (const device of devices) await register('dora', device);
    await afterwards(waiting);
    expect(bodiesAt(chatToken)).toHaveLength(3);
  });
});

describe('a call to an iPhone that gets its messages by FCM', () => {
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

  it('rings by VoIP alone, and its tablet without a session shows a banner', async () => {
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
  ])('rings by FCM where APNs answers %s %s', async (status, code, reason) => {
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
