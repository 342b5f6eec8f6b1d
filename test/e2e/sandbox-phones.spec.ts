import { describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import type { PhoneDto } from '../../src/rehearsal/phones/phone.dto.js';
import { basic, OPERATOR_AUTH, WEBHOOK_AUTH } from '../support/gateway.js';
import { VIEWER_AUTH } from '../support/operators.js';
import { useSandboxDemo } from './sandbox-demo.fixture.js';

const { add, phones, play, post, request, settled } = useSandboxDemo();

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

  it('are in the audit log with their user once they are added', async () => {
    await add('Zoe', 'android');
    const audit = await request({
      ...{ method: 'GET', url: '/v1/audit?limit=1', headers: { authorization: OPERATOR_AUTH } },
    });
    expect(audit.json<{ data: object[] }>().data).toMatchObject([
      { action: 'sandbox.add_phone', appId: DEMO.appId, uid: 'zoe', detail: { platform: 'android' } },
    ]);
  });

  it('are shown to a viewer with masked addresses, who can add none', async () => {
    const [mine] = await add('vic', 'android');
    const remote = { remoteAddress: '203.0.113.9', headers: { authorization: VIEWER_AUTH } };
    const { data } = (await request({ method: 'GET', url: '/sandbox/phones', ...remote })).json<{
      data: PhoneDto[];
    }>();
    expect(data).toContainEqual({ ...mine, token: expect.stringContaining('…') });
    expect(JSON.stringify(data)).not.toContain(mine?.token);
    const refused = await request({
      method: 'POST',
      url: '/sandbox/phones',
      ...remote,
      payload: { appId: DEMO.appId, uid: 'vic', platform: 'android' },
    });
    expect(refused.json()).toMatchObject({ statusCode: 403, code: 'AUTH.READ_ONLY' });
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

  it.each([
    ['a viewer', { authorization: VIEWER_AUTH }, 'AUTH.READ_ONLY'],
    ['a wrong login', { authorization: basic('otto', 'wrong') }, 'AUTH.INVALID'],
  ])('with the login of %s is not the demo’s', async (_name, headers, code) => {
    const answer = await post('/sandbox/play', base, headers);
    expect(answer.json()).toMatchObject({ code });
  });

  const remote = { remoteAddress: '10.0.0.7' };
  it.each([
    ['another machine', {}, 'AUTH.REQUIRED'],
    ['a backend', { apikey: DEMO.apiKey }, 'AUTH.REQUIRED'],
    ['CometChat', { authorization: WEBHOOK_AUTH }, 'AUTH.INVALID'],
    ['a viewer', { authorization: VIEWER_AUTH }, 'AUTH.READ_ONLY'],
  ])('from %s is refused', async (_name, headers, code) => {
    for (const url of ['/sandbox/play', '/sandbox/phones']) {
      const answer = await request({ method: 'POST', url, headers, ...remote, payload: base });
      expect([url, answer.json()]).toEqual([url, expect.objectContaining({ code })]);
    }
  });

  it('from a page of another site is refused', async () => {
    const answer = await post('/sandbox/play', base, { origin: 'https://evil.example' });
    expect(answer.json()).toMatchObject({ code: 'AUTH.OTHER_SITE' });
  });
});
