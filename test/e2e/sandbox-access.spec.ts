import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { signToken } from '../support/credentials.js';
import { OPERATOR_AUTH, startTestGateway, WEBHOOK_AUTH, type TestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';

let demo: TestGateway;
beforeAll(async () => {
  demo = await startTestGateway({ demo: true, settings: { trustedProxies: ['loopback'] } });
});
afterAll(() => demo.close());

type Origin = Pick<InjectOptions, 'remoteAddress'> & { headers?: Record<string, string> };

/** Requests from other machines, some of which arrive on loopback. */
const REMOTE: readonly (readonly [string, Origin])[] = [
  ['another address', { remoteAddress: '10.0.0.7' }],
  ['a proxy that names the client', { headers: { 'x-forwarded-for': '203.0.113.9' } }],
  ['a proxy that claims to serve this machine', { headers: { 'x-forwarded-for': '127.0.0.1' } }],
  ['a proxy that names the host', { headers: { 'x-forwarded-host': 'localhost' } }],
  ['a proxy that sends Forwarded (RFC 7239)', { headers: { forwarded: 'for=127.0.0.1' } }],
  ['a proxy that sends X-Real-IP', { headers: { 'x-real-ip': '127.0.0.1' } }],
  ['a tunnel', { headers: { host: 'demo.ngrok.app' } }],
  ['a name that points to loopback', { headers: { host: 'localhost.example.com:3000' } }],
];

const inbox = (origin: Origin = {}) => demo.request({ method: 'GET', url: '/sandbox/messages', ...origin });

describe('the demo', () => {
  it.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000'])(
    'serves its sandbox to this machine as %s',
    async (host) => {
      expect((await inbox({ headers: { host } })).statusCode).toBe(200);
    },
  );

  it.each(REMOTE)('denies access to its sandbox from %s', async (_, origin) => {
    expect((await inbox(origin)).statusCode).toBe(401);
    const { statusCode } = await demo.request({ method: 'DELETE', url: '/sandbox/messages', ...origin });
    expect(statusCode).toBe(401);
  });

  it.each(REMOTE)('refuses its published credentials from %s', async (_, origin) => {
    const refused = { statusCode: 401, code: 'AUTH.DEMO_NOT_LOCAL' };
    const calls: InjectOptions[] = [
      { method: 'GET', url: '/sandbox/messages', headers: { authorization: OPERATOR_AUTH } },
      { method: 'GET', url: '/v1/notifications', headers: { authorization: OPERATOR_AUTH } },
      { method: 'GET', url: '/v1/users/ann/devices', headers: { apikey: DEMO.apiKey } },
      {
        method: 'GET',
        url: '/v1/me/devices',
        headers: { authorization: `Bearer ${await signToken({ sub: 'ann' }, DEMO.jwtSecret)}` },
      },
      {
        method: 'POST',
        url: '/webhooks/cometchat/push',
        headers: { authorization: WEBHOOK_AUTH },
        payload: push(),
      },
      {
        method: 'POST',
        url: `/callbacks/${DEMO.appId}/sms/sandbox/inbound?secret=${DEMO.callbackSecret}`,
        payload: { from: '+14155550100', text: 'STOP' },
      },
    ];
    for (const call of calls) {
      const headers = { ...call.headers, ...origin.headers };
      const answer = await demo.request({ ...call, ...origin, headers });
      expect([call.url, answer.json()]).toEqual([call.url, expect.objectContaining(refused)]);
      const local = await demo.request(call);
      expect([call.url, local.statusCode]).toEqual([call.url, 200]);
    }
  });
});
