import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO, DEMO_CONFIG } from '../../../src/platform/config/demo-config.js';
import type { TestAnswerDto } from '../../../src/notifications/test-sends/test-send.dto.js';
import { fcmError, startFcmServer, type FcmServer } from '../../support/fcm-server.js';
import {
  OPERATOR_AUTH,
  startTestGateway,
  type NotificationJson,
  type SandboxJson,
  type TestGateway,
} from '../../support/gateway.js';
import { push } from '../../support/payloads.js';
import { until } from '../../support/until.js';

interface ErrorJson {
  code: string;
  errors: { path: string }[];
}

const OTHER_KEY = 'backend-key-of-another-app';
let fcm: FcmServer;
let hanging: FcmServer;
let answerAtLast: () => void;
let gateway: TestGateway;
beforeAll(async () => {
  const answersAfter = new Promise<void>((resolve) => (answerAtLast = resolve));
  [fcm, hanging] = await Promise.all([startFcmServer(), startFcmServer({ answersAfter })]);
  const [app] = DEMO_CONFIG.apps;
  const accountOf = (
    id: string,
    { url: endpoint, tokenUrl: tokenEndpoint, ca, serviceAccount }: FcmServer,
  ) => ({
    ...{ id, type: 'fcm', endpoint, tokenEndpoint, ca, serviceAccount },
  });
  const apps = [
    {
      ...app,
      push: {
        providers: [...(app?.push.providers ?? []), accountOf('fcm', fcm), accountOf('hanging', hanging)],
      },
    },
    { ...app, appId: 'other', clients: { apiKeys: [OTHER_KEY] } },
  ];
  gateway = await startTestGateway({ config: { apps } });
});
afterAll(async () => {
  answerAtLast();
  await gateway.close();
  await Promise.all([fcm.close(), hanging.close()]);
});

const post = (payload: object, headers: Record<string, string> = { apikey: DEMO.apiKey }) =>
  gateway.request({ method: 'POST', url: '/v1/tests', headers, payload });
const test = async (body: object): Promise<TestAnswerDto> => {
  const answer = await post(body);
  expect([answer.statusCode, answer.body]).toEqual([200, expect.anything()]);
  return answer.json<TestAnswerDto>();
};
const register = async (uid: string, device: object): Promise<string> =>
  (await gateway.backend('POST', `/v1/users/${uid}/devices`, device)).json<{ id: string }>().id;
const messagesTo = async (uid: string): Promise<SandboxJson[]> =>
  (await gateway.sandboxMessages()).filter((message) => message.uid === uid);

describe('POST /v1/tests', () => {
  it('answers with the vendor’s word for every device of a user', async () => {
    const good = await register('ann', {
      platform: 'fcm_android',
      fcmToken: 'token-of-ann-1',
      providerId: 'fcm',
    });
    await register('ann', { platform: 'fcm_web', fcmToken: 'invalid-token-of-ann', providerId: 'default' });
    const answer = await test({ kind: 'chat', uid: 'Ann' });
    const messageId = expect.stringMatching(/^projects\/test-project\/messages\//);
    expect(answer).toMatchObject({ isSettled: true, waitedMs: expect.any(Number) });
    expect(answer.deliveries).toHaveLength(2);
    expect(answer.deliveries.find(({ deviceId }) => deviceId === good)).toEqual({
      deliveryId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...{ deviceId: good, kind: 'fcm', provider: 'fcm', address: 'tok…-1' },
      ...{ status: 'sent', reason: null, outcome: 'accepted', vendorCode: null, vendorText: null },
      vendorMessageId: messageId,
      explanation: expect.objectContaining({
        summary: expect.stringMatching(/^Sent: the vendor has accepted it/),
      }),
    });
    expect(answer.deliveries.find(({ deviceId }) => deviceId !== good)).toMatchObject({
      ...{ provider: 'default', status: 'failed', reason: 'token_invalid', outcome: 'refused' },
      explanation: { summary: expect.stringMatching(/^Not delivered/) },
    });
    expect(fcm.received.at(-1)).toMatchObject({
      token: 'token-of-ann-1',
      data: { type: 'chat', tag: '0', title: 'Bellhop test', sender: 'bellhop-test', receiver: 'ann' },
    });
    const record = await gateway.notification(answer.notificationId);
    expect(record).toMatchObject({ source: 'test', kind: 'chat', uid: 'ann', status: 'sent' });
  });

  it('tests one device, and shows the vendor’s code and words', async () => {
    const device = { platform: 'fcm_android', fcmToken: 'token-of-bob-1', providerId: 'fcm' };
    const deviceId = await register('bob', device);
    await register('bob', { platform: 'fcm_android', fcmToken: 'token-of-bob-2' });
    fcm.answerWith(fcmError(404, 'UNREGISTERED', { message: 'Requested entity was not found.' }), 1);
    const { deliveries } = await test({ kind: 'chat', deviceId: deviceId.toUpperCase() });
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]).toMatchObject({
      ...{ deviceId, status: 'failed', reason: 'token_unregistered', outcome: 'refused' },
      ...{ vendorCode: 'UNREGISTERED', vendorText: 'Requested entity was not found.' },
      explanation: { fix: expect.any(String) },
    });
  });

  it('rings and stops ringing by itself', async () => {
    await register('cyd', { platform: 'fcm_android', fcmToken: 'token-of-cyd' });
    const { notificationId, deliveries } = await test({ kind: 'call', uid: 'cyd' });
    expect(deliveries).toMatchObject([{ status: 'sent' }]);
    const [end, ring] = await until(async () => {
      const messages = await messagesTo('cyd');
      return messages.length > 1 && messages;
    });
    expect(ring?.message.data).toMatchObject({
      type: 'call',
      callAction: 'initiated',
      senderName: 'Bellhop test',
    });
    expect(JSON.stringify(ring?.message)).toMatch(/"ttl":"[1-8]s"/);
    expect(end?.message.data).toMatchObject({ type: 'call', callAction: 'cancelled' });
    expect(end?.message.data?.['sessionId']).toBe(ring?.message.data?.['sessionId']);
    const rung = Date.parse(end?.at ?? '') - Date.parse(ring?.at ?? '');
    expect(rung).toBeGreaterThan(5_000);
    const list = await gateway.backend('GET', '/v1/notifications?uid=cyd');
    expect(list.json<{ data: NotificationJson[] }>().data).toMatchObject([
      { source: 'test', originId: notificationId, kind: 'call' },
      { source: 'test', originId: null, kind: 'call' },
    ]);
  });

  it('sends an SMS to a number, or to the number of a user’s contact', async () => {
    const { deliveries } = await test({ kind: 'sms', phno: '(415) 555-0123' });
    expect(deliveries).toMatchObject([
      { kind: 'sms', address: '+14…23', status: 'sent', outcome: 'accepted' },
    ]);
    const refused = await test({ kind: 'sms', phno: '+14155550400' });
    expect(refused.deliveries).toMatchObject([{ status: 'failed', reason: 'message_refused' }]);
    const none = await test({ kind: 'sms', uid: 'dan' });
    expect(none).toMatchObject({ isSettled: true });
    expect(none.deliveries).toMatchObject([
      {
        status: 'skipped',
        reason: 'no_phone_number',
        outcome: null,
        explanation: { fix: expect.any(String) },
      },
    ]);
    await gateway.backend('PUT', '/v1/users/dan/contact', { phno: '+14155550124' });
    expect((await test({ kind: 'sms', uid: 'dan' })).deliveries).toMatchObject([{ address: '+14…24' }]);
    expect((await messagesTo('dan'))[0]?.message.text).toMatch(/^This is a test of Bellhop/);
  });

  it('says why a user without a device gets nothing', async () => {
    const { deliveries } = await test({ kind: 'chat', uid: 'nobody' });
    expect(deliveries).toMatchObject([
      { deviceId: null, address: null, status: 'skipped', reason: 'no_device', outcome: null },
    ]);
  });

  it('waits 15 s for a vendor that hangs, at no cost to others', async () => {
    const device = { platform: 'fcm_android', fcmToken: 'token-of-eve', providerId: 'hanging' };
    const deviceId = await register('eve', device);
    const slow = Array.from({ length: 4 }, () => post({ kind: 'chat', deviceId }));
    await until(() => hanging.asked() === 4);
    const fifth = await post({ kind: 'chat', uid: 'nobody' });
    expect([fifth.statusCode, fifth.json<ErrorJson>().code]).toEqual([429, 'TEST.TOO_MANY']);
    expect(fifth.headers['retry-after']).toBe('15');
    await register('fay', { platform: 'fcm_android', fcmToken: 'token-of-fay' });
    const webhook = await gateway.webhook('push', push({ tag: 'beside' }, 'fay'));
    expect(
      await gateway.notification(webhook.json<{ notificationId: string }>().notificationId),
    ).toMatchObject({
      status: 'sent',
    });
    for (const answer of await Promise.all(slow)) {
      const { isSettled, waitedMs, deliveries } = answer.json<TestAnswerDto>();
      expect([answer.statusCode, isSettled]).toEqual([200, false]);
      expect(waitedMs).toBeGreaterThanOrEqual(15_000);
      expect(deliveries).toMatchObject([{ status: 'queued', outcome: 'unknown' }]);
    }
    expect(await test({ kind: 'chat', uid: 'fay' })).toMatchObject({ isSettled: true });
    answerAtLast();
  });

  it.each<[string, object, string]>([
    ['no kind', { uid: 'ann' }, 'kind'],
    ['an unknown kind', { kind: 'mail', uid: 'ann' }, 'kind'],
    ['no target', { kind: 'chat' }, ''],
    ['two targets', { kind: 'sms', uid: 'ann', phno: '+14155550123' }, 'phno'],
    ['a device for an SMS', { kind: 'sms', deviceId: '018bcfe5-6800-7000-8000-000000000004' }, 'deviceId'],
    ['a number for a push', { kind: 'chat', phno: '+14155550123' }, 'phno'],
    ['an invalid device id', { kind: 'chat', deviceId: 'x' }, 'deviceId'],
    ['an invalid uid', { kind: 'chat', uid: 'a b' }, 'uid'],
    ['an invalid number', { kind: 'sms', phno: '12' }, 'phno'],
  ])('refuses a body with %s', async (_, body, path) => {
    const answer = await post(body);
    expect([answer.statusCode, answer.json<ErrorJson>().code]).toEqual([400, 'REQUEST.INVALID_BODY']);
    expect(answer.json<ErrorJson>().errors.map((fault) => fault.path)).toEqual([path]);
  });

  it('keeps to the caller’s app', async () => {
    const deviceId = await register('gus', { platform: 'fcm_android', fcmToken: 'token-of-gus' });
    const codeOf = async (body: object, headers?: Record<string, string>): Promise<unknown[]> => {
      const answer = await post({ kind: 'chat', ...body }, headers);
      return [answer.statusCode, answer.json<ErrorJson>().code];
    };
    const other = { apikey: OTHER_KEY };
    const operator = { authorization: OPERATOR_AUTH };
    expect(await codeOf({ deviceId }, other)).toEqual([404, 'DEVICE.NOT_FOUND']);
    expect(await codeOf({ deviceId, appId: DEMO.appId }, other)).toEqual([403, 'APP.UNKNOWN']);
    expect(await codeOf({ deviceId }, operator)).toEqual([400, 'APP.REQUIRED']);
    expect(await codeOf({ deviceId, appId: 'unknown' }, operator)).toEqual([403, 'APP.UNKNOWN']);
    expect(await codeOf({ deviceId, appId: 'other' }, operator)).toEqual([404, 'DEVICE.NOT_FOUND']);
    expect(await codeOf({ deviceId }, {})).toEqual([401, 'AUTH.REQUIRED']);
    const answer = await post({ kind: 'chat', deviceId, appId: DEMO.appId }, operator);
    expect(answer.json<TestAnswerDto>().deliveries).toMatchObject([{ deviceId, status: 'sent' }]);
  });
});
