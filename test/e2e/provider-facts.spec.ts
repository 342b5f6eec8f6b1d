import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { ProviderDto } from '../../src/deliveries/provider.dto.js';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { newId } from '../../src/platform/ids/new-id.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { push, sms } from '../support/payloads.js';
import { startTwilioServer, type TwilioServer } from '../support/twilio-server.js';
import { until } from '../support/until.js';

const OTHER_KEY = 'key-of-the-other-app';
const PUBLIC_URL = 'https://push.example.com';

let twilio: TwilioServer;
let gateway: TestGateway;
let sql: pg.Pool;
beforeAll(async () => {
  twilio = await startTwilioServer({ tls: false });
  const { accountSid, authToken, url: endpoint } = twilio;
  const [demo] = DEMO_CONFIG.apps;
  const providers = [
    ...(demo?.sms.providers ?? []),
    { id: 'twilio', type: 'twilio', endpoint, accountSid, authToken, from: '+15005550006' },
    { id: 'open', type: 'vonage', apiKey: 'key', apiSecret: 'secret', from: 'Bellhop' },
    {
      id: 'smsc',
      type: 'smpp',
      host: '127.0.0.1',
      port: 1,
      tls: false,
      systemId: 'x',
      password: 'x',
      from: 'x',
    },
  ];
  const app = { ...demo, sms: { ...demo?.sms, providers, routes: [{ use: ['sandbox'] }] } };
  const other = { ...demo, appId: 'other', clients: { apiKeys: [OTHER_KEY] } };
  gateway = await startTestGateway({
    config: { apps: [app, other] },
    settings: { publicUrl: PUBLIC_URL },
  });
  sql = new pg.Pool({ connectionString: gateway.databaseUrl, max: 1 });
});
afterAll(async () => {
  await sql.end();
  await gateway.close();
  await twilio.close();
});

async function providerOf(
  id: string,
  headers: object = { authorization: OPERATOR_AUTH },
): Promise<ProviderDto> {
  const answer = await gateway.request({ url: '/v1/providers', headers: { ...headers } });
  const found = answer.json<{ data: ProviderDto[] }>().data.find((provider) => provider.id === id);
  if (!found) throw new Error(`No provider ${id}: ${answer.body}`);
  return found;
}

const register = (uid: string, fcmToken: string) =>
  gateway.backend('POST', `/v1/users/${uid}/devices`, { platform: 'fcm_android', fcmToken });

describe('GET /v1/providers', () => {
  it.each([
    ['an operator', '', { authorization: OPERATOR_AUTH }, [DEMO.appId, 'other']],
    ['an operator who names an app', '?appId=other', { authorization: OPERATOR_AUTH }, ['other']],
    ['a backend', '', { apikey: OTHER_KEY }, ['other']],
    ['a backend that names its app', '?appId=other', { apikey: OTHER_KEY }, ['other']],
  ])('shows %s its accounts', async (_name, query, headers, appIds) => {
    const answer = await gateway.request({ url: `/v1/providers${query}`, headers });
    const { data } = answer.json<{ data: ProviderDto[] }>();
    expect([...new Set(data.map(({ appId }) => appId))]).toEqual(appIds);
  });

  it.each([
    ['an unknown app', 'none', { authorization: OPERATOR_AUTH }],
    ['an app of somebody else', DEMO.appId, { apikey: OTHER_KEY }],
  ])('refuses %s', async (_name, appId, headers) => {
    const answer = await gateway.request({ url: `/v1/providers?appId=${appId}`, headers });
    expect([answer.statusCode, answer.json()]).toMatchObject([403, { code: 'APP.UNKNOWN' }]);
  });

  it('says that an account without attempts, devices and callbacks has none', async () => {
    const nothing = { attempts: 0, outcomes: [], p95Seconds: null };
    expect(await providerOf('default')).toMatchObject({
      ...{ lastHour: nothing, lastDay: nothing, callbacks: null },
      devices: { count: 0, isEstimate: false },
    });
    expect(await providerOf('sandbox')).toMatchObject({ devices: null, callbacks: { lastAt: null } });
  });

  it('counts the attempts of the last hour and day, by outcome', async () => {
    await register('ann', 'phone-of-ann');
    await register('ben', 'invalid-phone-of-ben');
    const ids: string[] = [];
    for (const uid of ['ann', 'ann', 'ann', 'ben']) {
      const answer = await gateway.webhook('push', push({ tag: newId() }, uid));
      ids.push(answer.json<{ notificationId: string }>().notificationId);
    }
    await gateway.notifications(ids);
    const { lastHour, lastDay } = await until(
      async () => {
        const found = await providerOf('default');
        return found.lastHour.attempts === 4 && found;
      },
      () => providerOf('default'),
    );
    expect(lastHour).toMatchObject({
      attempts: 4,
      outcomes: [
        { outcome: 'accepted', attempts: 3, share: 0.75 },
        { outcome: 'refused', attempts: 1, share: 0.25 },
      ],
    });
    expect(lastHour.p95Seconds).toBeGreaterThan(0);
    expect(lastHour.p95Seconds).toBeLessThan(30);
    expect(lastDay).toEqual(lastHour);
    expect((await providerOf('default', { apikey: DEMO.apiKey })).lastHour.attempts).toBe(4);
    expect((await providerOf('default', { apikey: OTHER_KEY })).lastHour.attempts).toBe(0);
  });

  it('leaves older attempts out', async () => {
    const { lastHour } = await providerOf('default');
    const labels = JSON.stringify({
      ...{ channel: 'push', kind: 'sandbox', le: '0.1', outcome: 'accepted', provider: 'default' },
    });
    for (const [hours, n] of [
      [2, 10],
      [30, 100],
    ] as const) {
      for (const span of [60, 300, 3_600]) {
        await sql.query(
          `INSERT INTO tally (span_seconds, start, measure, app_id, labels, n)
           SELECT $1::int, to_timestamp(floor(extract(epoch FROM now() - $2::int * interval '1 hour') / $1::int) * $1::int),
                  'attempt_seconds', $3, $4, $5`,
          [span, hours, DEMO.appId, labels, n],
        );
      }
    }
    expect(await providerOf('default')).toMatchObject({
      lastHour: { attempts: lastHour.attempts },
      lastDay: { attempts: lastHour.attempts + 10 },
    });
  });

  it('counts the devices in use that an account serves', async () => {
    const countOf = async () => (await providerOf('default')).devices?.count;
    await until(async () => (await countOf()) === 2, countOf);
    expect((await providerOf('default', { apikey: OTHER_KEY })).devices).toEqual({
      ...{ count: 0, isEstimate: false },
    });
    expect(
      (await gateway.backend('DELETE', '/v1/users/ben/devices?pushToken=invalid-phone-of-ben')).statusCode,
    ).toBe(200);
    await until(async () => (await countOf()) === 1, countOf);
  });

  it('names the callback addresses without their secrets, and how callbacks are verified', async () => {
    const at = (id: string, kind: string) => `${PUBLIC_URL}/callbacks/${DEMO.appId}/sms/${id}/${kind}`;
    const [secret, signed, open] = [
      (await providerOf('sandbox')).callbacks,
      (await providerOf('twilio')).callbacks,
      (await providerOf('open')).callbacks,
    ];
    expect(secret).toEqual({
      ...{ statusUrl: at('sandbox', 'status'), inboundUrl: at('sandbox', 'inbound') },
      ...{ verifiedBy: 'secret', lastAt: null },
    });
    expect(signed).toMatchObject({ statusUrl: at('twilio', 'status'), verifiedBy: 'signature' });
    expect(open).toMatchObject({ verifiedBy: 'none' });
    expect((await providerOf('smsc')).callbacks).toBeNull();
  });

  it('tells when a callback was last accepted, and ignores refused ones', async () => {
    const call = (id: string, query: string) =>
      gateway.request({
        method: 'POST',
        url: `/callbacks/${DEMO.appId}/sms/${id}/status${query}`,
        payload: { id: 'sandbox-x', status: 'delivered' },
      });
    const before = Date.now();
    expect((await call('sandbox', '?secret=wrong')).statusCode).toBe(401);
    expect((await call('sandbox', `?secret=${DEMO.callbackSecret}`)).statusCode).toBe(200);
    const { callbacks } = await until(async () => {
      const found = await providerOf('sandbox');
      return found.callbacks?.lastAt ? found : undefined;
    });
    const lastAt = Date.parse(String(callbacks?.lastAt));
    expect(lastAt).toBeGreaterThanOrEqual(before);
    expect(lastAt).toBeLessThanOrEqual(Date.now());
    expect((await providerOf('open')).callbacks?.lastAt).toBeNull();
  });

  it('counts SMS by account', async () => {
    const answer = await gateway.webhook('sms', sms('+14155550123', 'cas'));
    await gateway.notification(answer.json<{ notificationId: string }>().notificationId);
    const { lastHour } = await until(
      async () => {
        const found = await providerOf('sandbox');
        return found.lastHour.attempts === 1 && found;
      },
      () => providerOf('sandbox'),
    );
    expect(lastHour.outcomes).toEqual([{ outcome: 'accepted', attempts: 1, share: 1 }]);
    expect((await providerOf('twilio')).lastHour.attempts).toBe(0);
  });
});
