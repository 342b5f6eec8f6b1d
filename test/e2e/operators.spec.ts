import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { OperatorAccounts } from '../../src/platform/auth/operator-accounts.js';
import { tokenOf } from '../../src/platform/auth/operator-sessions.js';
import type { GatewayConfig } from '../../src/platform/config/gateway-config.js';
import type { ProcessSettings } from '../../src/platform/config/process-settings.js';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { basic, startTestGateway, type TestGateway } from '../support/gateway.js';
import { OPERATOR, OTTO_AUTH, USERS, VIEWER, VIEWER_AUTH } from '../support/operators.js';
import { push } from '../support/payloads.js';

const ROOT = { username: 'root', password: 'the password of root' } as const;
const HOUR_MS = 3_600_000;
const PROXY = '10.9.0.1';
const ADMIN = {
  users: USERS,
  trustedHeader: 'X-Auth-User',
  operatorGroups: ['on-call'],
  showContent: true,
};
const SETTINGS: Partial<ProcessSettings> = { admin: ROOT, trustedProxies: ['10.9.0.0/16'] };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { admin: ADMIN }, settings: SETTINGS });
});
afterAll(() => gateway.close());

const SESSION = '/admin/api/session';
const logIn = (payload: object, options: InjectOptions = {}) =>
  gateway.request({ method: 'POST', url: SESSION, payload, ...options });
const get = (url: string, headers: Record<string, string>, options: InjectOptions = {}) =>
  gateway.request({ method: 'GET', url, headers, ...options });
const setCookieOf = (answer: LightMyRequestResponse): string => String(answer.headers['set-cookie'] ?? '');
const cookieOf = (answer: LightMyRequestResponse): string => setCookieOf(answer).split(';')[0] ?? '';
const codeOf = (answer: LightMyRequestResponse): unknown[] => [
  answer.statusCode,
  answer.json<{ code?: string }>().code,
];

describe('a session', () => {
  it('starts with a password and identifies its operator on operator routes', async () => {
    const answer = await logIn(OPERATOR);
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      { username: 'otto', role: 'operator', expiresAt: expect.any(String) },
    ]);
    const { expiresAt } = answer.json<{ expiresAt: string }>();
    expect(Math.abs(new Date(expiresAt).getTime() - Date.now() - 12 * HOUR_MS)).toBeLessThan(HOUR_MS);
    const cookie = cookieOf(answer);
    expect((await get(SESSION, { cookie })).json()).toEqual(answer.json());
    for (const url of ['/v1/notifications', '/admin/queues/api/queues', '/sandbox/messages', '/v1/audit'])
      expect([url, (await get(url, { cookie })).statusCode]).toEqual([url, 200]);
  });

  it.each([
    ['root', ROOT, 'operator'],
    ['vera', VIEWER, 'viewer'],
  ])('has the role of its account: %s', async (username, login, role) => {
    expect((await logIn(login)).json()).toMatchObject({ username, role });
  });

  it('has a cookie that only this site sends, and only over TLS', async () => {
    const answer = await logIn(OPERATOR, { remoteAddress: '203.0.113.9' });
    expect(setCookieOf(answer)).toMatch(
      /^__Host-bellhop=v1\.[\w-]+\.\d+\.\d+\.[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/,
    );
    const elsewhere = { remoteAddress: '203.0.113.10' };
    expect((await get(SESSION, { cookie: `a=b; ${cookieOf(answer)}; c=d` }, elsewhere)).statusCode).toBe(200);
  });

  it('has a cookie without Secure on http://localhost, which counts there only', async () => {
    const answer = await logIn(OPERATOR);
    expect(setCookieOf(answer)).toMatch(
      /^bellhop=v1\.\S+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    const cookie = cookieOf(answer);
    expect((await get(SESSION, { cookie })).statusCode).toBe(200);
    expect(codeOf(await get(SESSION, { cookie }, { remoteAddress: '203.0.113.9' }))).toEqual([
      401,
      'AUTH.REQUIRED',
    ]);
  });

  it.each([
    ['a wrong password', { ...OPERATOR, password: 'wrong' }, 401, 'AUTH.INVALID'],
    ['the hash in place of the password', { ...OPERATOR, password: USERS[1]?.password }, 401, 'AUTH.INVALID'],
    ['an unknown user', { username: 'nobody', password: 'wrong' }, 401, 'AUTH.INVALID'],
    ['no password', { username: 'otto' }, 400, 'REQUEST.INVALID_BODY'],
    ['a number as password', { username: 'otto', password: 5 }, 400, 'REQUEST.INVALID_BODY'],
  ])('is refused with %s', async (_, login, status, code) => {
    const answer = await logIn(login);
    expect(codeOf(answer)).toEqual([status, code]);
    expect(setCookieOf(answer)).toBe('');
  });

  it('is refused to a page of another site, and without JSON', async () => {
    const other = await logIn(OPERATOR, { headers: { origin: 'https://evil.example' } });
    expect(codeOf(other)).toEqual([403, 'AUTH.OTHER_SITE']);
    const form = await gateway.request({
      method: 'POST',
      url: SESSION,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'username=otto&password=operates',
    });
    expect(form.statusCode).toBe(415);
    expect(codeOf(await gateway.request({ method: 'POST', url: SESSION }))).toEqual([401, 'AUTH.REQUIRED']);
  });

  it('does not let a page of another site change anything', async () => {
    const cookie = cookieOf(await logIn(OPERATOR));
    const change = (headers: Record<string, string>) =>
      gateway.request({ method: 'DELETE', url: '/sandbox/messages', headers: { cookie, ...headers } });
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }])
      expect(codeOf(await change(headers as Record<string, string>))).toEqual([403, 'AUTH.OTHER_SITE']);
    expect((await change({ 'sec-fetch-site': 'same-origin' })).statusCode).toBe(200);
  });

  it('ends with the logout', async () => {
    for (const login of [OPERATOR, VIEWER]) {
      const cookie = cookieOf(await logIn(login));
      const answer = await gateway.request({ method: 'DELETE', url: SESSION, headers: { cookie } });
      expect([answer.statusCode, answer.body]).toEqual([204, '']);
      expect(setCookieOf(answer)).toMatch(/^bellhop=; Path=\/; Max-Age=0; /);
    }
    expect((await get(SESSION, { cookie: 'bellhop=' })).statusCode).toBe(401);
  });

  const accounts = new OperatorAccounts(
    SETTINGS as ProcessSettings,
    { admin: ADMIN } as unknown as GatewayConfig,
  );
  const sessionOf = (username: string, startedAgoMs: number, expiresInMs: number): string => {
    const account = accounts.find(username);
    if (!account) throw new Error(`There is no account ${username}.`);
    const [startedAt, expiresAt] = [new Date(Date.now() - startedAgoMs), new Date(Date.now() + expiresInMs)];
    return `bellhop=${tokenOf(account, { startedAt, expiresAt })}`;
  };

  it('ends after 12 hours without a request', async () => {
    const cookie = sessionOf('otto', 12 * HOUR_MS + 1, -1);
    expect(codeOf(await get(SESSION, { cookie }))).toEqual([401, 'AUTH.EXPIRED']);
  });

  it('is extended by use, up to seven days after the login', async () => {
    const inUse = await get(SESSION, { cookie: sessionOf('otto', HOUR_MS, 11 * HOUR_MS) });
    expect(setCookieOf(inUse)).toContain('Max-Age=43200');
    const renewed = await get(SESSION, { cookie: cookieOf(inUse) });
    expect([renewed.statusCode, setCookieOf(renewed)]).toEqual([200, '']);
    const old = await get(SESSION, { cookie: sessionOf('otto', 167 * HOUR_MS, HOUR_MS / 2) });
    expect(Number(/Max-Age=(\d+)/.exec(setCookieOf(old))?.[1])).toBeLessThanOrEqual(3_600);
  });

  it.each([
    [
      'another user',
      (token: string) => token.replace(/^v1\.[^.]+/, `v1.${Buffer.from('root').toString('base64url')}`),
    ],
    ['a later expiry', (token: string) => token.replace(/\.(\d+)\.([^.]+)$/, '.9999999999999.$2')],
    ['another signature', (token: string) => `${token.slice(0, -43)}${'A'.repeat(43)}`],
    ['no signature', (token: string) => token.slice(0, -44)],
  ])('is not valid if forged with %s', async (_, forge) => {
    const token = cookieOf(await logIn(OPERATOR)).replace('bellhop=', '');
    expect(codeOf(await get(SESSION, { cookie: `bellhop=${forge(token)}` }))).toEqual([401, 'AUTH.REQUIRED']);
  });
});

describe('HTTP Basic', () => {
  it.each([
    ['the login of ADMIN_USERNAME', basic(ROOT.username, ROOT.password), 'root', 'operator'],
    ['a password with a colon', OTTO_AUTH, 'otto', 'operator'],
    ['a password hashed by scrypt', VIEWER_AUTH, 'vera', 'viewer'],
  ])('accepts %s', async (_, authorization, username, role) => {
    const answer = await get(SESSION, { authorization });
    expect(answer.json()).toEqual({ username, role, expiresAt: null });
    expect(setCookieOf(answer)).toBe('');
  });

  it.each([
    'root:',
    'root',
    ':',
    'otto:wrong',
    'vera:wrong',
    'nobody:the password of root',
    'vera:operates:everything',
  ])('refuses %s', async (login) => {
    const authorization = `Basic ${Buffer.from(login).toString('base64')}`;
    expect(codeOf(await get(SESSION, { authorization }))).toEqual([401, 'AUTH.INVALID']);
  });

  it('checks no password above the limit of wrong ones, but still accepts sessions', async () => {
    const cookie = cookieOf(await logIn(OPERATOR, { remoteAddress: '203.0.113.77' }));
    const from = { remoteAddress: '203.0.113.77' };
    for (let guess = 0; guess < 100; guess++) {
      const answer = await logIn({ username: 'otto', password: `guess ${guess}` }, from);
      expect(answer.statusCode).toBe(401);
    }
    expect(codeOf(await logIn(OPERATOR, from))).toEqual([429, 'AUTH.TOO_MANY_ATTEMPTS']);
    expect((await get(SESSION, { authorization: OTTO_AUTH }, from)).statusCode).toBe(429);
    expect((await get(SESSION, { cookie }, from)).statusCode).toBe(200);
  });

  it('is not asked for by the browser over a page of ours', async () => {
    expect((await get(SESSION, {})).headers['www-authenticate']).toContain('Basic');
    expect((await get(SESSION, { 'sec-fetch-dest': 'empty' })).headers).not.toHaveProperty(
      'www-authenticate',
    );
  });
});

describe('the header of a proxy', () => {
  const asProxy = (headers: Record<string, string>, remoteAddress = PROXY) =>
    get(SESSION, { 'x-forwarded-for': '203.0.113.9', ...headers }, { remoteAddress });

  it.each([
    ['a member of an operator group', { 'x-forwarded-groups': 'staff, on-call' }, 'operator'],
    ['a member of other groups', { 'x-forwarded-groups': 'staff,on-call-2' }, 'viewer'],
    ['a member of no group', {}, 'viewer'],
  ])('identifies %s', async (_, groups, role) => {
    const answer = await asProxy({ 'x-auth-user': 'ann@example.com', ...groups });
    expect(answer.json()).toEqual({ username: 'ann@example.com', role, expiresAt: null });
  });

  it.each(['203.0.113.9', '127.0.0.1', '10.8.0.1'])('is ignored from %s', async (address) => {
    const answer = await asProxy({ 'x-auth-user': 'root', 'x-forwarded-groups': 'on-call' }, address);
    expect(codeOf(answer)).toEqual([401, 'AUTH.REQUIRED']);
  });

  it('does not let a page of another site change anything', async () => {
    const answer = await gateway.request({
      method: 'DELETE',
      url: '/sandbox/messages',
      headers: { 'x-auth-user': 'ann', 'x-forwarded-groups': 'on-call', 'sec-fetch-site': 'cross-site' },
      remoteAddress: PROXY,
    });
    expect(codeOf(answer)).toEqual([403, 'AUTH.OTHER_SITE']);
  });
});

describe('a changed password', () => {
  it('ends the sessions of its account', async () => {
    const cookie = cookieOf(await logIn(ROOT));
    const { cookie: kept } = { cookie: cookieOf(await logIn(OPERATOR)) };
    await gateway.close();
    gateway = await startTestGateway({
      config: { admin: ADMIN },
      settings: { ...SETTINGS, admin: { ...ROOT, password: 'another password of root' } },
    });
    expect(codeOf(await get(SESSION, { cookie }))).toEqual([401, 'AUTH.REQUIRED']);
    expect((await get(SESSION, { cookie: kept })).statusCode).toBe(200);
  });
});

describe('the content of a notification', () => {
  const TEXT = 'The secret word is xyzzy';
  let url: string;
  beforeAll(async () => {
    await gateway.backend('POST', '/v1/users/ann/devices', {
      platform: 'fcm_android',
      fcmToken: 'token-of-ann',
    });
    const answer = await gateway.webhook('push', push({ body: TEXT }, 'ann'));
    const { notificationId } = answer.json<{ notificationId: string }>();
    await gateway.notification(notificationId);
    url = `/v1/notifications/${notificationId}/content`;
  });

  it('is shown to an operator if admin.showContent allows it, and the audit log says so', async () => {
    const answer = await get(url, { authorization: OTTO_AUTH });
    expect(answer.json()).toMatchObject({ isShown: true });
    expect(answer.body).toContain(TEXT);
    const log = await get('/v1/audit?action=notification.reveal', { authorization: OTTO_AUTH });
    expect(log.json<{ data: object[] }>().data).toMatchObject([
      { actor: 'otto', appId: DEMO.appId, uid: 'ann' },
    ]);
  });

  it('is shown to a viewer by the length of its strings, here, in Bull Board and in the sandbox', async () => {
    const answer = await get(url, { authorization: VIEWER_AUTH });
    expect(answer.json()).toMatchObject({ isShown: false });
    expect(answer.body).toContain(`(${TEXT.length} characters)`);
    const pages = ['/sandbox/messages', '/admin/queues/api/queues?activeQueue=plan'];
    for (const page of [url, ...pages]) {
      const { statusCode, body } = await get(page, { authorization: VIEWER_AUTH });
      expect([page, statusCode, body.includes(TEXT), body.includes('token-of-ann')]).toEqual([
        page,
        200,
        false,
        false,
      ]);
    }
    expect((await get('/sandbox/messages', { authorization: OTTO_AUTH })).body).toContain(TEXT);
  });

  it('is not shown to a backend, and not found under an unknown id', async () => {
    expect((await get(url, { apikey: DEMO.apiKey })).statusCode).toBe(401);
    const unknown = url.replace(/[0-9a-f]{12}\/content/, '000000000000/content');
    for (const wrong of [unknown, '/v1/notifications/x/content'])
      expect(codeOf(await get(wrong, { authorization: OTTO_AUTH }))).toEqual([404, 'NOTIFICATION.NOT_FOUND']);
  });
});
