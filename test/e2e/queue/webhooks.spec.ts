import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basic, startTestGateway, WEBHOOK_AUTH, type TestGateway } from '../../support/gateway.js';
import { payload, payloadNames, push, sms } from '../../support/payloads.js';

const sandboxes = {
  push: { providers: [{ id: 'default', type: 'sandbox' }] },
  sms: { providers: [{ id: 'sandbox', type: 'sandbox' }] },
};
const SECRET = 'a-secret-of-the-body';
const apps = [
  {
    appId: 'app123',
    region: 'us',
    webhook: {
      basicAuth: [
        { username: 'cometchat', password: 'webhook-demo' },
        { username: 'cometchat', password: 'the next: password' },
      ],
    },
    clients: { apiKeys: ['backend-demo-key'] },
    ...sandboxes,
  },
  {
    appId: 'signed',
    region: 'eu',
    webhook: { basicAuth: [{ username: 'both', password: 'both' }], signature: { secret: SECRET } },
    clients: { apiKeys: ['signed-key-1234'] },
    ...sandboxes,
  },
];

let gateway: TestGateway;
let lines = '';
beforeAll(async () => {
  gateway = await startTestGateway({
    config: { apps, intake: { maxBodyBytes: 100_000 } },
    log: (line) => (lines += line),
  });
});
afterAll(() => gateway.close());

interface Answer {
  message: string;
  notificationId: string;
  duplicate: boolean;
  statusCode: number;
  code: string;
  requestId: string;
  errors: { path: string; problem: string }[];
}

const channelOf = (name: string): 'push' | 'sms' => (name.startsWith('sms') ? 'sms' : 'push');

describe('a webhook', () => {
  it.each(payloadNames)('with the payload %s is accepted', async (name) => {
    const answer = await gateway.webhook(channelOf(name), payload(name));
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      message: 'Webhook received successfully',
      notificationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      duplicate: false,
    });
  });

  it('is a duplicate regardless of whitespace and key order', async () => {
    const event = push({ tag: 'again' });
    const first = (await gateway.webhook('push', event)).json<Answer>();
    const reversed = Object.fromEntries(Object.entries(event).reverse());
    const second = (await gateway.webhook('push', JSON.stringify(reversed, null, 4))).json<Answer>();
    expect(second).toEqual({ ...first, duplicate: true });
    // Still a duplicate after the first is settled.
    await gateway.notification(first.notificationId);
    expect((await gateway.webhook('push', event)).json<Answer>()).toEqual({ ...first, duplicate: true });
  });

  it('is a new event if its text differs under the same tag', async () => {
    const first = (await gateway.webhook('push', push({ tag: 'edited' }))).json<Answer>();
    const edit = (await gateway.webhook('push', push({ tag: 'edited', body: 'Edited' }))).json<Answer>();
    expect(edit.duplicate).toBe(false);
    expect(edit.notificationId).not.toBe(first.notificationId);
  });

  it('is accepted once if it arrives many times at once', async () => {
    const event = sms('+14155550199', 'burst');
    const answers = await Promise.all(Array.from({ length: 40 }, () => gateway.webhook('sms', event)));
    const bodies = answers.map((answer) => answer.json<Answer>());
    expect(bodies.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(new Set(bodies.map(({ notificationId }) => notificationId)).size).toBe(1);
  });

  it('keeps unknown fields', async () => {
    await gateway.backend('POST', '/v1/users/curious/devices', {
      platform: 'fcm_android',
      fcmToken: 'curious-token-1',
    });
    const event = push({ inventedLater: { a: [1] }, tag: 'curious' }, 'curious');
    const { notificationId } = (await gateway.webhook('push', event)).json<Answer>();
    await gateway.notification(notificationId);
    const message = (await gateway.sandboxMessages()).find(({ uid }) => uid === 'curious');
    expect(message?.message.data?.['inventedLater']).toBe('{"a":[1]}');
  });
});

describe('Basic Auth of a webhook', () => {
  it.each([
    ['no credentials', {}],
    ['a wrong password', { authorization: basic('cometchat', 'webhook-demo2') }],
    ['a wrong username', { authorization: basic('cometcha', 'webhook-demo') }],
    ['a truncated password', { authorization: basic('cometchat', 'webhook-dem') }],
    ['no password', { authorization: basic('cometchat', '') }],
    ['another scheme', { authorization: 'Bearer webhook-demo' }],
    ['invalid base64', { authorization: 'Basic ☃' }],
    ['username and password in clear text', { authorization: 'Basic cometchat:webhook-demo' }],
  ])('is refused with a challenge: %s', async (_, headers) => {
    const url = '/webhooks/cometchat/push';
    const answer = await gateway.request({ method: 'POST', url, headers, payload: push() });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
    expect(answer.json<Answer>()).toMatchObject({
      code: 'WEBHOOK.UNAUTHORIZED',
      requestId: answer.headers['x-request-id'],
    });
  });

  it('is checked before the body is read', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    const answered = new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(data.toString())),
    );
    // The announced body is never sent.
    socket.write(
      'POST /webhooks/cometchat/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n{',
    );
    expect(await answered).toMatch(/^HTTP\/1\.1 401 /);
    socket.destroy();
  });

  it('accepts every configured pair', async () => {
    const next = { authorization: basic('cometchat', 'the next: password') };
    expect((await gateway.webhook('push', push({ tag: 'rotated' }), next)).statusCode).toBe(200);
  });
});

describe('the signature of a webhook', () => {
  const event = { ...push({ tag: 'signed' }), appId: 'signed' };
  const body = JSON.stringify(event);
  const authorization = basic('both', 'both');
  const sign = (text: string, secret = SECRET): string =>
    createHmac('sha256', secret).update(text).digest('hex');

  it('is accepted if it matches the body', async () => {
    const headers = { authorization, 'x-cometchat-signature': sign(body) };
    expect((await gateway.webhook('push', body, headers)).statusCode).toBe(200);
  });

  it.each([
    ['no signature', {}],
    ['a signature of another body', { 'x-cometchat-signature': sign(`${body} `) }],
    ['a signature by another secret', { 'x-cometchat-signature': sign(body, 'another') }],
    ['half a signature', { 'x-cometchat-signature': sign(body).slice(0, 32) }],
  ])('is refused: %s', async (_, headers) => {
    const answer = await gateway.webhook('push', body, { authorization, ...headers });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBeDefined();
    expect(answer.json<Answer>().code).toBe('WEBHOOK.INVALID_SIGNATURE');
  });

  it('is checked before the body is parsed', async () => {
    const answer = await gateway.webhook('push', '{"not json', {
      authorization,
      'x-cometchat-signature': sign(body),
    });
    expect(answer.statusCode).toBe(401);
  });
});

describe('a webhook for another app', () => {
  it('is refused if the app is not configured', async () => {
    const answer = await gateway.webhook('push', { ...push(), appId: 'app999' });
    expect(answer.statusCode).toBe(403);
    expect(answer.json<Answer>()).toMatchObject({ code: 'WEBHOOK.UNKNOWN_APP', errors: [{ path: 'appId' }] });
  });

  it('is refused if the credentials belong to a different app', async () => {
    const answer = await gateway.webhook('push', { ...push(), appId: 'signed' });
    expect(answer.statusCode).toBe(403);
    expect(answer.json<Answer>().code).toBe('WEBHOOK.WRONG_APP');
  });
});

const without = (path: string, value?: unknown): unknown => {
  const event = push() as unknown as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let node = event;
  for (const key of keys) node = node[key] as Record<string, unknown>;
  if (value === undefined) delete node[last];
  else node[last] = value;
  return event;
};

const INVALID: [string, unknown][] = [
  ['trigger', undefined],
  ['trigger', 'sms-notification-payload-generated'],
  ['webhook', undefined],
  ['webhook', 'hook-1'],
  ['appId', undefined],
  ['appId', 5],
  ['region', {}],
  ['data', undefined],
  ['data', []],
  ['data.to', null],
  ['data.to', []],
  ['data.to.uid', undefined],
  ['data.to.uid', null],
  ['data.to.uid', ''],
  ['data.to.uid', 'two words'],
  ['data.to.uid', 'x'.repeat(101)],
  ['data.to.uid', { $ne: null }],
  ['data.notificationDetails', undefined],
  ['data.notificationDetails', 'text'],
  ['data.notificationDetails.type', undefined],
  ['data.notificationDetails.title', 5],
  ['data.notificationDetails.sentAt', 'yesterday'],
  ['data.notificationDetails.sentAt', -1],
  ['data.notificationDetails.tag', { toString: 1 }],
  ['data.notificationDetails.custom', 7],
  ['data.notificationDetails.unreadMessageCount', 'many'],
  ['data.notificationDetails.callAction', 5],
  ['data.notificationDetails.callAction', 'x'.repeat(65)],
];

describe('an invalid webhook', () => {
  it.each(INVALID)('is refused with the path of its fault: %s = %j', async (path, value) => {
    const answer = await gateway.webhook('push', without(path, value));
    expect(answer.statusCode).toBe(400);
    const { code, errors } = answer.json<Answer>();
    expect(code).toBe('WEBHOOK.INVALID_BODY');
    expect(errors.map((error) => error.path)).toContain(path);
  });

  it.each(['sessionId', 'callAction'])('is refused if it is a call without a %s', async (field) => {
    const answer = await gateway.webhook('push', push({ [field]: null }, undefined, 'push-call-initiated'));
    expect(answer.statusCode).toBe(400);
    expect(answer.json<Answer>().errors[0]?.path).toBe(`data.notificationDetails.${field}`);
  });

  it.each([
    ['data.to.phno', { data: { to: { uid: 'a', phno: 14155550100 } } }],
    ['data.smsContent', { data: { to: { uid: 'a' }, smsContent: ['x'] } }],
    ['data.messages', { data: { to: { uid: 'a' }, messages: 'x' } }],
    [
      'data.messages[1].message',
      { data: { to: { uid: 'a' }, messages: [{ message: 'x' }, { message: {} }] } },
    ],
    ['data.groupDetails', { data: { to: { uid: 'a' }, groupDetails: [] } }],
  ])('is refused with the path of its fault for SMS: %s', async (path, change) => {
    const answer = await gateway.webhook('sms', { ...sms(null), ...change });
    expect(answer.statusCode).toBe(400);
    expect(answer.json<Answer>().errors.map((error) => error.path)).toContain(path);
  });

  it.each([
    ['truncated JSON', '{"trigger":'],
    ['an empty body', ''],
    ['an array', '[]'],
    ['a string', '"hello"'],
    ['null', 'null'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d])],
    ['a key named __proto__', '{"__proto__":{"trigger":"x"}}'],
    ['80 levels of nesting', `${'{"a":'.repeat(80)}1${'}'.repeat(80)}`],
  ])('is refused: %s', async (_, body) => {
    const answer = await gateway.webhook('push', body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json<Answer>()).toMatchObject({
      statusCode: 400,
      code: expect.any(String),
      requestId: expect.any(String),
    });
  });

  it('is refused if it is too large', async () => {
    const answer = await gateway.webhook('push', push({ message: { big: 'x'.repeat(100_000) } }));
    expect(answer.statusCode).toBe(413);
    expect(answer.json<Answer>().code).toBe('REQUEST.TOO_LARGE');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data'])(
    'is refused with the content type %s',
    async (type) => {
      const answer = await gateway.webhook('push', push(), { 'content-type': type });
      expect(answer.statusCode).toBe(415);
      expect(answer.json<Answer>().code).toBe('REQUEST.UNSUPPORTED_MEDIA_TYPE');
    },
  );

  it.each([
    [400, {}, '{"trigger":'],
    [400, {}, without('data.to.uid', 'two words')],
    [401, { authorization: basic('cometchat', 'wrong-password') }, push()],
    [403, {}, without('appId', 'another')],
    [413, {}, push({ message: { big: 'x'.repeat(100_000) } })],
    [415, { 'content-type': 'text/plain' }, push()],
  ])('is logged once without its content: status %i', async (status, headers, body) => {
    const answer = await gateway.webhook('push', body, headers);
    expect(answer.statusCode).toBe(status);
    const { code, requestId } = answer.json<Answer>();
    const logged = lines.split('\n').filter((line) => line.includes(requestId));
    expect(logged.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 40, msg: 'http.refused', requestId, code, status, route: '/webhooks/cometchat/push' },
    ]);
    expect(logged.join()).not.toMatch(/two words|wrong-password|another/);
  });

  it('is logged once if it is not HTTP', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    const answered = new Promise<string>((resolve) =>
      socket.once('data', (data) => resolve(data.toString())),
    );
    socket.write('POST\r\n\r\n');
    const requestId = /x-request-id: (\S+)/i.exec(await answered)?.[1] ?? 'none';
    socket.destroy();
    const logged = lines.split('\n').filter((line) => line.includes(requestId));
    expect(logged.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { msg: 'http.refused', code: 'REQUEST.MALFORMED', status: 400 },
    ]);
  });

  it('is counted by route and answer', async () => {
    await gateway.request({
      method: 'POST',
      url: '/webhooks/cometchat/sms',
      headers: { authorization: WEBHOOK_AUTH },
      payload: {},
    });
    const metrics = (await gateway.request({ method: 'GET', url: '/metrics' })).body;
    expect(metrics).toMatch(/bellhop_webhooks_total\{route="sms",answer="400"\} [1-9]/);
    expect(metrics).toMatch(/bellhop_webhooks_total\{route="push",answer="accepted"\} [1-9]/);
    expect(metrics).toMatch(/bellhop_webhooks_total\{route="push",answer="401"\} [1-9]/);
    expect(metrics).toMatch(/bellhop_webhooks_total\{route="push",answer="duplicate"\} [1-9]/);
  });
});
