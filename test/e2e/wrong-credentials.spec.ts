import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { startCometChat, type CometChatServer } from '../support/cometchat-server.js';
import { signToken } from '../support/credentials.js';
import { basic, startTestGateway, type TestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';

const LIMIT = 3;
const JWT_SECRET = 'client-secret-of-the-app';
const SIGNATURE = 'secret-of-the-signature';
const KEY = 'backend-key-of-the-app';
const RIGHT = basic('cometchat', 'right-password');
const OPERATOR = { username: 'operator', password: 'right-password-of-theirs' };
const OPERATOR_AUTH = basic(OPERATOR.username, OPERATOR.password);

let chat: CometChatServer;
let gateway: TestGateway;
let lines = '';
beforeAll(async () => {
  chat = await startCometChat('app1');
  const app = { region: 'us', push: { providers: [{ id: 'default', type: 'sandbox' }] } };
  gateway = await startTestGateway({
    config: {
      http: { wrongCredentialsPerMinute: LIMIT },
      delivery: { maxAgeMinutes: 60 },
      apps: [
        {
          ...app,
          appId: 'app1',
          webhook: { basicAuth: [{ username: 'cometchat', password: 'right-password' }] },
          clients: { apiKeys: [KEY], jwt: { secret: JWT_SECRET }, cometchatAuthToken: true },
          cometchat: { apiEndpoint: chat.url, ca: chat.ca },
          sms: { providers: [{ id: 'sandbox', type: 'sandbox', from: 'x', callbackSecret: 'right-secret' }] },
        },
        { ...app, appId: 'app2', webhook: { signature: { secret: SIGNATURE } } },
      ],
    },
    settings: { trustedProxies: ['loopback'], admin: OPERATOR },
    log: (line) => (lines += line),
  });
});
afterAll(async () => {
  await gateway.close();
  await chat.close();
});

type Headers = Record<string, string>;
const from = (address: string, headers: Headers): Headers => ({ ...headers, 'x-forwarded-for': address });
const guesses = (count: number): string[] => Array.from({ length: count }, (_, i) => `guess-number-${i}`);
const outcome = (answer: LightMyRequestResponse): unknown[] => [
  answer.statusCode,
  answer.statusCode === 200 ? undefined : answer.json<{ code: string }>().code,
];
const TOO_MANY = [429, 'AUTH.TOO_MANY_ATTEMPTS'];

/** Makes the attempts in sequence. @returns their outcomes. */
async function each<T>(tries: readonly T[], attempt: (one: T) => Promise<unknown[]>): Promise<unknown[][]> {
  const all: unknown[][] = [];
  for (const one of tries) all.push(await attempt(one));
  return all;
}
const refusedThenStopped = (code: string, count: number): unknown[][] =>
  guesses(count).map((_, i) => (i < LIMIT ? [401, code] : TOO_MANY));

let tag = 0;
const webhook = async (address: string, authorization: string): Promise<LightMyRequestResponse> =>
  gateway.webhook('push', { ...push({ tag: `t${tag++}` }), appId: 'app1' }, from(address, { authorization }));

describe('webhooks', () => {
  it('with the right password are accepted from an address that sends many wrong ones', async () => {
    const wrong: Promise<LightMyRequestResponse>[] = [];
    const right: Promise<LightMyRequestResponse>[] = [];
    for (const [i, guess] of guesses(400).entries()) {
      wrong.push(webhook('198.51.100.1', basic('cometchat', guess)));
      if (i % 20 === 0) right.push(webhook('198.51.100.1', RIGHT));
    }
    expect((await Promise.all(right)).map(({ statusCode }) => statusCode)).toEqual(right.map(() => 200));
    const answers = await Promise.all(wrong);
    expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(LIMIT);
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(wrong.length - LIMIT);
    const last = answers.find(({ statusCode }) => statusCode === 429);
    expect(last?.json()).toMatchObject({ code: 'AUTH.TOO_MANY_ATTEMPTS', requestId: expect.any(String) });
    const wait = Number(last?.headers['retry-after']);
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(60);
    expect((await webhook('198.51.100.2', basic('cometchat', 'x'))).statusCode).toBe(401);
  });

  it('with one repeated wrong password are limited later than guesses', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < LIMIT * 20 + 2; i++)
      statuses.push((await webhook('198.51.100.3', basic('cometchat', 'last-year'))).statusCode);
    expect(statuses.slice(0, LIMIT * 20)).toEqual(Array.from({ length: LIMIT * 20 }, () => 401));
    expect(statuses.slice(LIMIT * 20)).toEqual([429, 429]);
  });

  it('without credentials are not counted as guesses', async () => {
    for (let i = 0; i < LIMIT * 20 + 1; i++) expect((await webhook('198.51.100.4', '')).statusCode).toBe(401);
  });

  it('from one IPv6 /64 network are counted together', async () => {
    const all = await each(guesses(5), async (guess) =>
      outcome(await webhook(`2001:db8:1:1::${guess.at(-1)}`, basic('cometchat', guess))),
    );
    expect(all).toEqual(refusedThenStopped('WEBHOOK.UNAUTHORIZED', 5));
    expect((await webhook('2001:db8:1:2::1', basic('cometchat', 'x'))).statusCode).toBe(401);
  });

  it('with a valid signature are accepted among invalid ones', async () => {
    const body = JSON.stringify({ ...push({ tag: 'signed' }), appId: 'app2' });
    const sign = (secret: string): Headers =>
      from('198.51.100.5', {
        authorization: '',
        'x-cometchat-signature': createHmac('sha256', secret).update(body).digest('hex'),
      });
    for (let i = 0; i < LIMIT * 20; i++)
      expect((await gateway.webhook('push', body, sign(`wrong-${i}`))).statusCode).toBe(401);
    expect(outcome(await gateway.webhook('push', body, sign('wrong')))).toEqual(TOO_MANY);
    expect((await gateway.webhook('push', body, sign(SIGNATURE))).statusCode).toBe(200);
  });
});

describe('the limit of wrong credentials', () => {
  const ask = async (url: string, address: string, headers: Headers): Promise<unknown[]> =>
    outcome(await gateway.request({ url, headers: from(address, { appid: 'app1', ...headers }) }));

  it('locks the operator out of one address, and not of another', async () => {
    const login = (address: string, authorization: string) =>
      ask('/v1/notifications', address, { authorization });
    const all = await each(guesses(5), (guess) => login('203.0.113.1', basic('admin', guess)));
    expect(all).toEqual(refusedThenStopped('AUTH.INVALID', 5));
    expect(await login('203.0.113.1', OPERATOR_AUTH)).toEqual(TOO_MANY);
    expect(await login('203.0.113.2', OPERATOR_AUTH)).toEqual([200, undefined]);
    expect((await webhook('203.0.113.1', RIGHT)).statusCode).toBe(200);
  });

  it('lets a backend with the right key through', async () => {
    const url = '/v1/users/ann/devices';
    const all = await each(guesses(5), (apikey) => ask(url, '203.0.113.3', { apikey }));
    expect(all).toEqual(refusedThenStopped('AUTH.INVALID', 5));
    expect(await ask(url, '203.0.113.3', { apikey: KEY })).toEqual([200, undefined]);
  });

  it('lets a client with a valid token through, and does not count expired tokens', async () => {
    const url = '/v1/me/devices';
    const bearer = async (secret: string, sub: string, expiresIn: number): Promise<unknown[]> => {
      const token = await signToken({ sub }, secret, { expiresIn });
      return ask(url, '203.0.113.4', { authorization: `Bearer ${token}` });
    };
    const old = await each(guesses(5), (sub) => bearer(JWT_SECRET, sub, -90));
    expect(old).toEqual(guesses(5).map(() => [401, 'AUTH.INVALID']));
    const forged = await each(guesses(5), (sub) => bearer('another-secret-altogether', sub, 60));
    expect(forged).toEqual(refusedThenStopped('AUTH.INVALID', 5));
    expect(await bearer(JWT_SECRET, 'ann', 60)).toEqual([200, undefined]);
  });

  it('stops auth token lookups at CometChat, and lets confirmed tokens through', async () => {
    chat.logins.set('bob_1', 'bob');
    chat.logins.set('bob_2', 'bob');
    const url = '/v1/me/devices';
    const login = (authToken: string, address = '203.0.113.5') => ask(url, address, { authToken });
    expect(await login('bob_1')).toEqual([200, undefined]);
    expect(await each(guesses(5), (guess) => login(guess))).toEqual(refusedThenStopped('AUTH.INVALID', 5));
    expect(await login('bob_1')).toEqual([200, undefined]);
    expect(await login('bob_2')).toEqual(TOO_MANY);
    expect(chat.asked).toEqual(['bob_1', ...guesses(LIMIT)]);
    expect(await login('bob_2', '203.0.113.6')).toEqual([200, undefined]);
  });

  it('lets a vendor with the right callback secret through', async () => {
    const report = (secret: string) =>
      ask(`/callbacks/app1/sms/sandbox/status?secret=${secret}`, '203.0.113.7', {});
    expect(await each(guesses(5), report)).toEqual(refusedThenStopped('CALLBACK.INVALID_SIGNATURE', 5));
    expect((await report('right-secret'))[0]).not.toBe(429);
    expect((await report('right-secret'))[0]).not.toBe(401);
  });
});

describe('wrong credentials', () => {
  it('are counted by route and kind', async () => {
    const { body } = await gateway.request({ url: '/metrics' });
    const count = (kind: string): number =>
      [...body.matchAll(new RegExp(`wrong_credentials_total\\{[^}]*kind="${kind}"\\} (\\d+)`, 'g'))].reduce(
        (sum, [, value]) => sum + Number(value),
        0,
      );
    expect(count('webhook')).toBeGreaterThan(400);
    expect(count('operator')).toBe(6);
    for (const kind of ['signature', 'api_key', 'jwt', 'auth_token', 'callback'])
      expect([kind, count(kind)]).toEqual([kind, expect.any(Number)]);
  });

  it('are logged once per network prefix, without the credentials', () => {
    const warnings = lines.split('\n').filter((line) => line.includes('auth.wrong_credentials'));
    const addresses = warnings.map((line) => (JSON.parse(line) as { address: string }).address);
    expect(addresses).toEqual(['198.51.100.0/24', '2001:db8:1::/48', '203.0.113.0/24']);
    expect(lines).not.toContain('guess-number');
    expect(lines).not.toMatch(/198\.51\.100\.1\b|203\.0\.113\.1\b/);
  });
});

describe('a replayed webhook', () => {
  const authorization = RIGHT;
  const send = async (event: object): Promise<{ notificationId: string; duplicate: boolean }> =>
    (await gateway.webhook('push', { ...event, appId: 'app1' }, { authorization })).json();

  it('is a duplicate regardless of its key order', async () => {
    const event = push({ tag: 'stolen' });
    const first = await send(event);
    const { data, ...rest } = event;
    expect(await send({ ...rest, data })).toEqual({ ...first, duplicate: true });
    expect((await send({ ...event, data: { ...data, extra: 1 } })).duplicate).toBe(false);
  });

  it.each(['push-chat', 'push-call-initiated'])(
    'is not sent after its dedupe key and its age limit have expired: %s',
    async (name) => {
      const sentAt = String(Date.now() - 86_400_000);
      const { notificationId } = await send(push({ sentAt, tag: 'yesterday' }, 'eve', name));
      const { status, deliveries } = await gateway.notification(notificationId, undefined, KEY);
      expect([status, deliveries[0]?.reason]).toEqual(['expired', 'too_old']);
    },
  );

  it('is sent in spite of its age if a backend resends it', async () => {
    const { notificationId } = await send(push({ sentAt: String(Date.now() - 86_400_000) }, 'fay'));
    await gateway.notification(notificationId, undefined, KEY);
    const url = `/v1/notifications/${notificationId}/resend`;
    const answer = await gateway.request({ method: 'POST', url, headers: { apikey: KEY } });
    const again = answer.json<{ notificationId: string }>().notificationId;
    const { deliveries } = await gateway.notification(again, undefined, KEY);
    expect(deliveries[0]?.reason).toBe('no_device');
  });
});
