import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { SCOPES, type Scope } from '../../src/platform/auth/scope.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { sha256Hash } from '../support/operators.js';

const keyOf = (name: string): string => `key-named-${name}`;
const HOUR_MS = 3_600_000;
const at = (fromNowMs: number): string => new Date(Date.now() + fromNowMs).toISOString();
const [app] = DEMO_CONFIG.apps;

let gateway: TestGateway;
beforeAll(async () => {
  const apiKeys = [
    DEMO.apiKey,
    ...SCOPES.map((scope) => ({ name: scope, key: keyOf(scope), scopes: [scope] })),
    { name: 'hashed', keyHash: sha256Hash(keyOf('hashed')), scopes: ['read', 'send'] },
    { name: 'everything', key: keyOf('everything'), expiresAt: at(HOUR_MS) },
    { name: 'expired', key: keyOf('expired'), expiresAt: at(-1) },
  ];
  gateway = await startTestGateway({
    config: {
      apps: [
        { ...app, clients: { apiKeys } },
        { ...app, appId: 'other', clients: { apiKeys: [{ name: 'other', key: keyOf('expired') }] } },
      ],
    },
  });
});
afterAll(() => gateway.close());

const UUID = '00000000-0000-7000-8000-000000000000';
const ask = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, apikey: string) =>
  gateway.request({
    method,
    url,
    headers: { apikey, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) },
    ...(method === 'POST' || method === 'PUT' ? { payload: '{}' } : {}),
  });

/** Scopes of which each route needs one. */
const ROUTES: readonly (readonly [method: Parameters<typeof ask>[0], url: string, ...scopes: Scope[]])[] = [
  ['POST', '/v1/notifications', 'send'],
  ['POST', `/v1/notifications/${UUID}/resend`, 'send'],
  ['GET', '/v1/notifications', 'read'],
  ['GET', `/v1/notifications/${UUID}`, 'read'],
  ['GET', '/v1/users/ann/devices', 'devices', 'read'],
  ['POST', '/v1/users/ann/devices', 'devices'],
  ['DELETE', '/v1/users/ann/devices', 'devices'],
  ['DELETE', `/v1/users/ann/devices/${UUID}`, 'devices'],
  ['GET', '/v1/users/ann/contact', 'devices', 'read'],
  ['PUT', '/v1/users/ann/contact', 'devices'],
  ['DELETE', '/v1/users/ann/contact', 'devices'],
  ['POST', '/v1/users/ann/receipts', 'devices'],
  ['GET', '/v1/opt-outs', 'read'],
  ['POST', '/v1/opt-outs/find', 'read'],
  ['POST', '/v1/opt-outs', 'admin'],
  ['POST', '/v1/opt-outs/lift', 'admin'],
  ['POST', `/v1/providers/${DEMO.appId}/push/default/release`, 'admin'],
  ['GET', '/v1/providers', 'read'],
  ['POST', '/v1/providers/app123/push/default/check', 'admin'],
  ['GET', '/v1/audit', 'admin'],
];

describe('an API key', () => {
  it.each(ROUTES)('needs a scope for %s %s', async (method, url, ...allowed) => {
    for (const scope of SCOPES) {
      const answer = await ask(method, url, keyOf(scope));
      if (allowed.includes(scope)) expect([401, 403]).not.toContain(answer.statusCode);
      else
        expect([scope, answer.statusCode, answer.json()]).toMatchObject([
          scope,
          403,
          {
            code: 'AUTH.SCOPE_REQUIRED',
            errors: [{ path: 'apikey', problem: `needs the scope ${allowed.join(' or ')}` }],
          },
        ]);
    }
    for (const key of [DEMO.apiKey, keyOf('everything')])
      expect([401, 403]).not.toContain((await ask(method, url, key)).statusCode);
  });

  it('may be configured as a hash', async () => {
    expect((await ask('GET', '/v1/notifications', keyOf('hashed'))).statusCode).toBe(200);
    expect((await ask('GET', '/v1/notifications', sha256Hash(keyOf('hashed')))).statusCode).toBe(401);
  });

  it('is refused once it has expired, for its own app only', async () => {
    const expired = await gateway.request({
      method: 'GET',
      url: '/v1/notifications',
      headers: { apikey: keyOf('expired'), appid: DEMO.appId },
    });
    expect([expired.statusCode, expired.json<{ code: string }>().code]).toEqual([403, 'APP.UNKNOWN']);
    expect((await ask('GET', '/v1/notifications', keyOf('expired'))).statusCode).toBe(200);
  });

  it('names itself in the ledger and the audit log, never the key', async () => {
    await ask('DELETE', '/v1/users/ann/devices?all=true', keyOf('devices'));
    const log = await ask('GET', '/v1/audit?action=device.unregister', keyOf('admin'));
    expect(log.json<{ data: object[] }>().data[0]).toMatchObject({ actor: 'devices', actorKind: 'backend' });
    expect(log.body).not.toContain(keyOf('devices'));
  });
});

describe('an API key of one app', () => {
  it('is refused with 401 once it has expired', async () => {
    await gateway.close();
    const apiKeys = [{ name: 'expired', key: keyOf('expired'), expiresAt: '2026-01-01' }];
    gateway = await startTestGateway({ config: { apps: [{ ...app, clients: { apiKeys } }] } });
    for (const url of ['/v1/notifications', '/v1/users/ann/devices']) {
      const answer = await ask('GET', url, keyOf('expired'));
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([401, 'AUTH.EXPIRED']);
    }
  });
});
