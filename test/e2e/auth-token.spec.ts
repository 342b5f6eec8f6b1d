import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { generateKeyPair } from 'jose';
import { startCometChat, type CometChatServer } from '../support/cometchat-server.js';
import { signToken } from '../support/credentials.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import type { VendorAnswer } from '../support/vendor-server.js';
import { SHORT_TIMEOUT_MS, until } from '../support/until.js';

const JWT_SECRET = 'client-secret-of-the-app';
const KEY = 'backend-key-of-the-app';
let chat: CometChatServer;
let gateway: TestGateway;
let lines = '';

beforeAll(async () => {
  chat = await startCometChat('app1');
  const app = {
    region: 'us',
    webhook: { basicAuth: [{ username: 'cometchat', password: 'webhook' }] },
    push: { providers: [{ id: 'default', type: 'sandbox' }] },
  };
  gateway = await startTestGateway({
    config: {
      apps: [
        {
          ...app,
          appId: 'app1',
          clients: { apiKeys: [KEY], jwt: { secret: JWT_SECRET }, cometchatAuthToken: true },
          cometchat: { apiEndpoint: chat.url, ca: chat.ca, requestTimeoutMs: SHORT_TIMEOUT_MS },
        },
        { ...app, appId: 'app2', clients: { jwt: { secret: JWT_SECRET } } },
        {
          ...app,
          appId: 'flooded',
          clients: { cometchatAuthToken: true },
          cometchat: { apiEndpoint: chat.url, ca: chat.ca, requestTimeoutMs: 60_000 },
        },
        // Nothing listens on this port.
        { ...app, appId: 'app3', clients: { jwt: { jwksUrl: 'http://127.0.0.1:1/jwks.json' } } },
      ],
    },
    log: (line) => (lines += line),
  });
});
afterAll(async () => {
  await gateway.close();
  await chat.close();
});
beforeEach(() => {
  chat.trouble = undefined;
  chat.asked.length = 0;
});

async function call(
  method: 'GET' | 'POST' | 'DELETE',
  headers: Record<string, string>,
  payload?: object,
): Promise<{
  status: number;
  code?: string;
  body: Record<string, unknown>;
  headers: Record<string, unknown>;
}> {
  const answer = await gateway.request({
    method,
    url: '/v1/me/devices',
    headers: { appid: 'app1', ...headers },
    ...(payload ? { payload } : {}),
  });
  const body = answer.json<Record<string, unknown>>();
  return { status: answer.statusCode, code: String(body['code']), body, headers: answer.headers };
}

describe('a CometChat auth token', () => {
  it('authenticates its user to register and unregister the devices of a session', async () => {
    chat.logins.set('Ann_1710141033938cf7', 'Ann');
    const headers = { authToken: 'Ann_1710141033938cf7' };
    const phone = await call('POST', headers, { platform: 'apns_ios_device', deviceToken: 'abcdef0123' });
    const voip = await call('POST', headers, { platform: 'apns_ios_voip', voipToken: 'abcdef0124' });
    expect([phone.status, phone.body['uid'], voip.body['sessionId']]).toEqual([
      201,
      'ann',
      phone.body['sessionId'],
    ]);
    expect(phone.body['sessionId']).toMatch(/^at_[\w-]{43}$/);

    // A backend that names the same token gets the same session.
    const byBackend = await gateway.request({
      method: 'POST',
      url: '/v1/users/ann/devices',
      headers: { appid: 'app1', apikey: KEY },
      payload: { platform: 'fcm_web', fcmToken: 'web-of-ann', ...headers },
    });
    expect(byBackend.json()).toMatchObject({ sessionId: phone.body['sessionId'] });
    expect((await call('DELETE', headers)).body).toEqual({ deleted: 3 });
    expect(lines).not.toContain('1710141033938cf7');
  });

  it('is looked up once for concurrent and repeated requests', async () => {
    chat.logins.set('bob_1', 'bob');
    const all = await Promise.all(Array.from({ length: 20 }, () => call('GET', { authToken: 'bob_1' })));
    all.push(await call('GET', { authToken: 'bob_1' }));
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 200));
    expect(chat.asked).toEqual(['bob_1']);
  });

  it('is refused with 401 if CometChat does not know it, and that answer is cached', async () => {
    for (let i = 0; i < 3; i++) {
      const answer = await call('GET', { authToken: 'nobody_1' });
      expect([answer.status, answer.code, answer.headers['www-authenticate']]).toEqual([
        401,
        'AUTH.INVALID',
        'Bearer',
      ]);
      expect(JSON.stringify(answer.body)).not.toContain('nobody_1');
    }
    expect(chat.asked).toEqual(['nobody_1']);
  });

  it('is refused with 401 without a lookup if it is malformed', async () => {
    for (const authToken of ['a b', 'x'.repeat(4_097), 'ü'])
      expect((await call('GET', { authToken })).code).toBe('AUTH.INVALID');
    expect(chat.asked).toEqual([]);
  });

  it.each<[string, CometChatServer['trouble']]>([
    ['does not answer', 'hang'],
    ['drops the connection', 'reset'],
    ['answers 500', { status: 500, body: '<html>' }],
    ['answers an unexpected body', { status: 200, body: '{"data":{}}' }],
    ['is behind a proxy that answers 401', { status: 401, body: 'Unauthorized' }],
    ['is behind a proxy that answers 403', { status: 403, body: '<html>' }],
    ['does not know the app', { status: 404, body: '{"error":{"code":"ERR_APP_NOT_FOUND"}}' }],
  ])('is answered with 503 while CometChat %s, and is accepted afterwards', async (what, trouble) => {
    const token = `cyd_${what.replaceAll(' ', '-')}`;
    chat.logins.set(token, 'cyd');
    chat.trouble = trouble;
    const answer = await call('GET', { authToken: token });
    expect([answer.status, answer.code, answer.headers['retry-after']]).toEqual([
      503,
      'SERVICE.UNAVAILABLE',
      '5',
    ]);
    chat.trouble = undefined;
    expect((await call('GET', { authToken: token })).status).toBe(200);
  });

  it('is answered with the Retry-After of CometChat', async () => {
    chat.trouble = {
      status: 429,
      headers: { 'retry-after': '17' },
      body: '{"error":{"code":"ERR_TOO_MANY"}}',
    };
    expect((await call('GET', { authToken: 'dan_1' })).headers['retry-after']).toBe('17');
  });

  it('stays accepted while CometChat is unavailable', async () => {
    chat.logins.set('eve_1', 'eve');
    expect((await call('GET', { authToken: 'eve_1' })).status).toBe(200);
    chat.trouble = 'hang';
    expect((await call('GET', { authToken: 'eve_1' })).status).toBe(200);
  });

  it('is looked up in at most 100 concurrent requests during a flood of guesses', async () => {
    let release: (answer: VendorAnswer) => void = () => undefined;
    chat.trouble = new Promise((resolve) => (release = resolve));
    const answered: number[] = [];
    const guesses = Array.from({ length: 130 }, async (_, i) => {
      const { status } = await call('GET', { appid: 'flooded', authToken: `guess_${i}` });
      answered.push(status);
    });
    await until(
      () => chat.asked.length === 100 && answered.length === 30,
      () => ({ asked: chat.asked.length, answered }),
    );
    release({ status: 502 });
    await Promise.all(guesses);
    expect(answered).toEqual(guesses.map(() => 503));
    expect(chat.asked).toHaveLength(100);
  });

  it('is refused if the app does not enable auth tokens, and is ignored beside a JSON Web Token', async () => {
    chat.logins.set('fay_1', 'fay');
    expect((await call('GET', { authToken: 'fay_1', appid: 'app2' })).code).toBe('AUTH.INVALID');
    const jwt = await signToken({ sub: 'gus' }, JWT_SECRET);
    const both = await call(
      'POST',
      { authToken: 'fay_1', authorization: `Bearer ${jwt}` },
      {
        platform: 'fcm_web',
        fcmToken: 'web-of-gus',
      },
    );
    expect(both.body['uid']).toBe('gus');
  });

  it('gives no access to backend routes', async () => {
    chat.logins.set('hal_1', 'hal');
    const answer = await gateway.request({
      url: '/v1/users/hal/devices',
      headers: { appid: 'app1', authtoken: 'hal_1' },
    });
    expect(answer.statusCode).toBe(401);
  });
});

describe('an unavailable identity provider', () => {
  it('causes a 503 that is not counted as a guess if the JWKS cannot be fetched', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    for (let i = 0; i < 150; i++) {
      const token = await signToken({ sub: `ann${i}` }, privateKey, { alg: 'ES256', kid: 'k1' });
      const answer = await call('GET', { appid: 'app3', authorization: `Bearer ${token}` });
      expect([answer.status, answer.code, answer.headers['retry-after']]).toEqual([
        503,
        'SERVICE.UNAVAILABLE',
        '5',
      ]);
    }
    expect(
      lines.split('\n').filter((line) => line.includes('auth.service_away') && line.includes('app3')),
    ).toHaveLength(1);
  });

  it('keeps auth tokens valid that CometChat confirmed before', async () => {
    chat.logins.set('token-of-stella', 'stella');
    expect((await call('GET', { authtoken: 'token-of-stella' })).status).toBe(200);
    chat.trouble = { status: 502, body: 'Bad Gateway' };
    const now = performance.now.bind(performance);
    const later = jest.spyOn(performance, 'now').mockImplementation(() => now() + 360_000);
    const before = lines.length;
    const [known, again, unknown] = [
      await call('GET', { authtoken: 'token-of-stella' }),
      await call('GET', { authtoken: 'token-of-stella' }),
      await call('GET', { authtoken: 'token-of-nobody' }),
    ];
    later.mockRestore();
    expect([known.status, again.status, unknown.status]).toEqual([200, 200, 503]);
    expect(lines.slice(before).split('auth.service_away')).toHaveLength(2);
    expect(chat.asked).toEqual(['token-of-stella', 'token-of-stella', 'token-of-nobody']);
  });
});

describe('a proxy missing from TRUST_PROXY', () => {
  it('is logged once', async () => {
    for (let i = 0; i < 3; i++) await call('GET', { 'x-forwarded-for': '203.0.113.7' });
    expect(lines.split('http.proxy_unknown')).toHaveLength(2);
  });
});
