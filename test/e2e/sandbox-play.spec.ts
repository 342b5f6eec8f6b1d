import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import type { PhoneDto } from '../../src/rehearsal/phones/phone.dto.js';
import {
  OPERATOR_AUTH,
  startTestGateway,
  WEBHOOK_AUTH,
  type NotificationJson,
  type SandboxJson,
  type TestGateway,
} from '../support/gateway.js';
import { USERS, VIEWER_AUTH } from '../support/operators.js';
import { until } from '../support/until.js';

const [demo] = DEMO_CONFIG.apps;
const TWILIO = {
  id: 'real',
  type: 'twilio',
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'a-token',
  from: '+15005550006',
};
const clients = { apiKeys: ['another-backend-key'] };
const apps = [
  { ...demo, push: { ...demo?.push, storm: { ceiling: 0 } } },
  { ...demo, clients, appId: 'real-sms', sms: { ...demo?.sms, providers: [TWILIO] } },
  {
    ...demo,
    clients: { apiKeys: ['a-third-backend-key'] },
    appId: 'copies',
    sms: { ...demo?.sms, providers: [TWILIO] },
    rules: [{ name: 'copy', when: 'true', then: { copyToSms: true } }],
  },
];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ demo: true, config: { apps, admin: { users: USERS } } });
});
afterAll(() => gateway.close());

/** Without credentials: in the demo, any local request may. */
const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
  gateway.request({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', ...headers },
    payload: { appId: DEMO.appId, ...payload },
  });
const play = async (body: object): Promise<{ notificationIds: string[]; sessionId?: string }> => {
  const answer = await post('/sandbox/play', body);
  expect([answer.statusCode, answer.body]).toEqual([200, expect.anything()]);
  return answer.json();
};
const add = async (uid: string, platform: string): Promise<PhoneDto[]> => {
  const answer = await post('/sandbox/phones', { uid, platform });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.anything()]);
  return answer.json<{ data: PhoneDto[] }>().data;
};
const phones = async (headers: Record<string, string> = {}): Promise<PhoneDto[]> =>
  (await gateway.request({ method: 'GET', url: '/sandbox/phones', headers })).json<{ data: PhoneDto[] }>()
    .data;
/** The messages of the sandbox to a user, oldest first. */
const received = async (uid: string): Promise<SandboxJson[]> =>
  (await gateway.sandboxMessages()).filter((message) => message.uid === uid).toReversed();
const settled = async (ids: readonly string[]): Promise<NotificationJson[]> => gateway.notifications(ids);
const fields = ({ message }: SandboxJson): Record<string, unknown> => message.data ?? message;

describe('sandbox phones', () => {
  it('are added with made-up addresses, listed, and know when their last message came', async () => {
    const [android] = await add('Ann', 'android');
    expect(android).toEqual({
      appId: DEMO.appId,
      uid: 'ann',
      deviceId: expect.any(String),
      platform: 'android',
      transport: 'fcm',
      token: expect.stringMatching(/^sandbox-/),
      lastMessageAt: null,
    });
    const [number] = await add('ann', 'sms');
    expect(number).toMatchObject({
      deviceId: null,
      platform: 'sms',
      transport: 'sms',
      phno: expect.stringMatching(/^\+1\d{3}55501\d\d$/),
    });
    expect(await add('ann', 'sms')).toEqual([number]);
    const iphone = await add('bob', 'ios');
    expect(iphone.map(({ platform, transport }) => [platform, transport])).toEqual([
      ['ios', 'apns'],
      ['ios', 'apns-voip'],
    ]);
    expect(await add('eve', 'web')).toMatchObject([{ platform: 'web', transport: 'webpush' }]);

    await settled((await play({ kind: 'message', from: 'bob', to: 'ann', text: 'Hi' })).notificationIds);
    const listed = await phones();
    expect(listed).toHaveLength(5);
    expect(listed).toContainEqual({ ...android, lastMessageAt: expect.any(String) });
    expect(listed).toContainEqual(number);
  });

  it('are shown to a viewer with masked addresses, who can add none', async () => {
    const [mine] = await add('vic', 'android');
    const remote = { remoteAddress: '203.0.113.9', headers: { authorization: VIEWER_AUTH } };
    const { data } = (await gateway.request({ method: 'GET', url: '/sandbox/phones', ...remote })).json<{
      data: PhoneDto[];
    }>();
    expect(data).toContainEqual({ ...mine, token: expect.stringContaining('…') });
    expect(JSON.stringify(data)).not.toContain(mine?.token);
    const refused = await gateway.request({
      method: 'POST',
      url: '/sandbox/phones',
      ...remote,
      payload: { appId: DEMO.appId, uid: 'vic', platform: 'android' },
    });
    expect(refused.json()).toMatchObject({ statusCode: 403, code: 'AUTH.READ_ONLY' });
  });
});

describe('a played event', () => {
  it('arrives as a message', async () => {
    const [phone] = await add('m1', 'android');
    const { notificationIds } = await play({ kind: 'message', from: 'Bob', to: 'm1', text: 'Hello there' });
    expect(await settled(notificationIds)).toMatchObject([
      { kind: 'chat', channel: 'push', uid: 'm1', source: 'webhook', status: 'sent' },
    ]);
    const [message] = await received('m1');
    expect(message).toMatchObject({ to: phone?.token, outcome: 'accepted', kind: 'chat' });
    expect(fields(message as SandboxJson)).toEqual({
      title: 'Bob',
      body: 'Hello there',
      sender: 'bob',
      senderName: 'Bob',
      receiver: 'm1',
      receiverName: 'M1',
      receiverType: 'user',
      conversationId: 'bob_user_m1',
      type: 'chat',
      tag: expect.stringMatching(/^\d+$/),
      sentAt: expect.stringMatching(/^\d{13}$/),
    });
  });

  it('is no repeat of an earlier one with the same text', async () => {
    await add('m2', 'android');
    await add('m2', 'sms');
    for (const kind of ['message', 'sms']) {
      const first = await play({ kind, from: 'bob', to: 'm2', text: 'Again' });
      const second = await play({ kind, from: 'bob', to: 'm2', text: 'Again' });
      expect(second.notificationIds).not.toEqual(first.notificationIds);
      await settled([...first.notificationIds, ...second.notificationIds]);
    }
    expect((await received('m2')).map(({ kind }) => kind)).toEqual(['chat', 'chat', 'sms', 'sms']);
  });

  it('of a group goes to every member but the sender, users with phones first', async () => {
    await add('g1', 'android');
    await add('g2', 'web');
    const { notificationIds } = await play({
      kind: 'group',
      from: 'g2',
      to: 'g1',
      text: 'Where are you?',
      group: { size: 3 },
      conversationId: 'group_hiking-club',
    });
    expect(notificationIds).toHaveLength(2);
    const records = await settled(notificationIds);
    expect(records.map(({ uid, status }) => [uid, status])).toContainEqual(['g1', 'sent']);
    expect(records.map(({ uid }) => uid)).not.toContain('g2');
    const [message] = await received('g1');
    expect(fields(message as SandboxJson)).toMatchObject({
      title: 'Hiking club',
      body: 'G2: Where are you?',
      receiver: 'hiking-club',
      receiverType: 'group',
      conversationId: 'group_hiking-club',
    });
  });

  it('arrives as a reaction', async () => {
    await add('r1', 'android');
    const { notificationIds } = await play({ kind: 'reaction', from: 'bob', to: 'r1' });
    expect(await settled(notificationIds)).toMatchObject([{ kind: 'reaction', status: 'sent' }]);
    expect(fields((await received('r1'))[0] as SandboxJson)).toMatchObject({
      body: 'Reacted to your message: 😎',
      sender: 'bob',
      receiver: 'bob',
    });
  });

  it('arrives as an SMS at the number of the contact', async () => {
    const [number] = await add('s1', 'sms');
    const { notificationIds } = await play({ kind: 'sms', from: 'bob', to: 's1', text: 'Call me' });
    expect(await settled(notificationIds)).toMatchObject([{ kind: 'sms', channel: 'sms', status: 'sent' }]);
    expect(await received('s1')).toMatchObject([
      { channel: 'sms', to: number?.phno, message: { text: 'Bob: Call me', segments: 1 } },
    ]);
  });

  it('rings, and a declined call stops ringing', async () => {
    const phone = await add('c1', 'ios');
    const [device, voip] = phone.map(({ token }) => token);
    const call = { kind: 'call', from: 'bob', to: 'c1' };
    const { notificationIds, sessionId } = await play(call);
    expect(sessionId).toMatch(/^v1\.us\.[0-9a-f]{32}$/);
    await settled(notificationIds);
    expect(await received('c1')).toMatchObject([
      { to: voip, kind: 'call', message: { callAction: 'initiated', sessionId, callType: 'audio' } },
    ]);

    const declined = await play({ ...call, callAction: 'rejected', sessionId });
    expect(declined.sessionId).toBe(sessionId);
    await settled(declined.notificationIds);
    const [, end] = await received('c1');
    expect(end).toMatchObject({ to: device, message: { callAction: 'rejected', sessionId } });
    // The same call rings no more, on no device.
    await add('c1', 'android');
    const again = await play({ ...call, sessionId });
    expect(again.notificationIds).toEqual(notificationIds);
  });

  it('of a call that is over does not ring', async () => {
    await add('c2', 'android');
    const sessionId = 'v1.us.over';
    const call = { kind: 'call', from: 'bob', to: 'c2', sessionId };
    await settled((await play({ ...call, callAction: 'cancelled' })).notificationIds);
    const [ring] = await settled((await play(call)).notificationIds);
    expect(ring).toMatchObject({ status: 'expired', deliveries: [{ reason: 'call_over' }] });
  });

  it('shows a missed call', async () => {
    await add('c3', 'ios');
    const { notificationIds, sessionId } = await play({ kind: 'missed_call', from: 'bob', to: 'c3' });
    expect(notificationIds).toHaveLength(2);
    const messages = await until(async () => {
      const found = await received('c3');
      return found.length === 2 && found;
    });
    expect(messages.map(({ message }) => message)).toMatchObject([
      { callAction: 'initiated', sessionId },
      { callAction: 'unanswered', sessionId, aps: { alert: { title: 'Bob', body: 'Missed audio call' } } },
    ]);
  });

  it('is in the audit log', async () => {
    await settled((await play({ kind: 'message', from: 'bob', to: 'ann' })).notificationIds);
    const headers = { authorization: OPERATOR_AUTH };
    const answer = await gateway.request({ method: 'GET', url: '/v1/audit?limit=1', headers });
    expect(answer.json<{ data: object[] }>().data).toMatchObject([
      { actor: 'demo', action: 'sandbox.play', appId: DEMO.appId, uid: 'ann', detail: { kind: 'message' } },
    ]);
  });
});

describe('a request to play', () => {
  const base = { kind: 'message', from: 'bob', to: 'ann' };
  it.each([
    ['an unknown kind', { ...base, kind: 'email' }, 'kind'],
    ['no recipient', { kind: 'message', from: 'bob' }, 'to'],
    ['a message to oneself', { ...base, from: 'Ann' }, 'to'],
    ['an unknown call action', { ...base, kind: 'call', callAction: 'accepted' }, 'callAction'],
    ['the end of an unnamed call', { ...base, kind: 'call', callAction: 'ended' }, 'sessionId'],
    ['a group of one', { ...base, kind: 'group', group: { size: 1 } }, 'group.size'],
    [
      'a group conversation of users',
      { ...base, kind: 'group', conversationId: 'a_user_b' },
      'conversationId',
    ],
    ['an empty text', { ...base, text: '' }, 'text'],
  ])('with %s is refused', async (_name, body, path) => {
    const answer = await post('/sandbox/play', body);
    expect(answer.json()).toMatchObject({
      statusCode: 400,
      code: 'REQUEST.INVALID_BODY',
      errors: [{ path }],
    });
  });

  it('to an app with a real vendor is refused, on each channel that it may use', async () => {
    const refused = { statusCode: 409, code: 'SANDBOX.REAL_VENDOR' };
    const problem = expect.stringContaining('the sms provider real of type twilio, which is no sandbox');
    const errors = [{ path: 'appId', problem }];
    const answers = [
      await post('/sandbox/play', { ...base, kind: 'sms', appId: 'real-sms' }),
      await post('/sandbox/play', { ...base, appId: 'copies' }),
      await post('/sandbox/phones', { uid: 'ann', platform: 'sms', appId: 'real-sms' }),
    ];
    for (const answer of answers) expect(answer.json()).toMatchObject({ ...refused, errors });
    const { notificationIds } = await play({ ...base, appId: 'real-sms' });
    expect(notificationIds).toHaveLength(1);
  });

  it('to an unknown app is refused', async () => {
    expect((await post('/sandbox/play', { ...base, appId: 'nobody' })).json()).toMatchObject({
      code: 'APP.UNKNOWN',
    });
  });

  const remote = { remoteAddress: '10.0.0.7' };
  it.each([
    ['another machine', {}, 'AUTH.REQUIRED'],
    ['a backend', { apikey: DEMO.apiKey }, 'AUTH.REQUIRED'],
    ['CometChat', { authorization: WEBHOOK_AUTH }, 'AUTH.INVALID'],
    ['a viewer', { authorization: VIEWER_AUTH }, 'AUTH.READ_ONLY'],
  ])('from %s is refused', async (_name, headers, code) => {
    for (const url of ['/sandbox/play', '/sandbox/phones']) {
      const answer = await gateway.request({ method: 'POST', url, headers, ...remote, payload: base });
      expect([url, answer.json()]).toEqual([url, expect.objectContaining({ code })]);
    }
  });

  it('from a page of another site is refused', async () => {
    const answer = await post('/sandbox/play', base, { origin: 'https://evil.example' });
    expect(answer.json()).toMatchObject({ code: 'AUTH.OTHER_SITE' });
  });
});
