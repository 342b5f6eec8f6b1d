import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { startApnsServer, type ApnsServer } from '../support/apns-server.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { startTwilioServer, twilioAccount, type TwilioServer } from '../support/twilio-server.js';
import { until } from '../support/until.js';

interface ProviderJson {
  appId: string;
  channel: string;
  id: string;
  type: string;
  environment: string | null;
  state: string;
  check: {
    outcome: string;
    code: string | null;
    text: string;
    fix: string | null;
    failures: number;
    balance: { amount: string; currency: string } | null;
    clockSkewMs: number | null;
    caExpiresAt: string | null;
  } | null;
  codes: { outcome: string; code: string | null; attempts: number }[];
}

let apns: ApnsServer;
let twilio: TwilioServer;
let gateway: TestGateway;
const log: string[] = [];

beforeAll(async () => {
  apns = await startApnsServer();
  twilio = await startTwilioServer({ tls: false });
  const { key, keyId, teamId } = apns.signingKey;
  const account = { type: 'apns', key, keyId, bundleId: apns.bundleId, endpoint: apns.url, ca: apns.ca };
  const { accountSid, authToken } = twilio;
  const sms = { type: 'twilio', endpoint: twilio.url, accountSid, from: '+15005550006' };
  const [demo] = DEMO_CONFIG.apps;
  const app = {
    ...demo,
    push: {
      providers: [
        { ...account, id: 'default', teamId },
        { ...account, id: 'default', teamId: 'WRONGTEAM1', environment: 'sandbox' },
        { id: 'sandbox', type: 'sandbox' },
      ],
    },
    sms: {
      defaultCountry: 'US',
      providers: [
        { ...sms, id: 'good', authToken },
        { ...sms, id: 'wrong', authToken: '0'.repeat(32) },
        { ...sms, id: 'on-demand', authToken },
      ],
    },
  };
  const other = {
    ...{
      appId: 'other-app',
      region: 'us',
      webhook: { basicAuth: [{ username: 'o', password: 'o-webhook' }] },
    },
    clients: { apiKeys: ['key-of-the-other-app'] },
  };
  gateway = await startTestGateway({
    config: { apps: [app, other], checks: { everyHours: 6 } },
    log: (line) => log.push(line),
  });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([apns.close(), twilio.close()]);
});

const list = async (): Promise<ProviderJson[]> =>
  (await gateway.backend('GET', '/v1/providers')).json<{ data: ProviderJson[] }>().data;
const text = async (url: string): Promise<string> => (await gateway.request({ method: 'GET', url })).body;

describe('at start, a worker checks every account', () => {
  it('and shows what it found in the list, in the metrics, in the log and in the health check', async () => {
    const data = await until(async () => {
      const now = await list();
      return now.every(({ check }) => check) && now;
    });
    expect(data.map(({ id, type, environment, check }) => [id, type, environment, check?.outcome])).toEqual([
      ['default', 'apns', 'production', 'ok'],
      ['default', 'apns', 'sandbox', 'failed'],
      ['sandbox', 'sandbox', null, 'ok'],
      ['good', 'twilio', null, 'ok'],
      ['wrong', 'twilio', null, 'failed'],
      ['on-demand', 'twilio', null, 'ok'],
    ]);
    const [production, sandbox, , good, wrong] = data;
    expect(production?.check).toMatchObject({ failures: 0, code: null, fix: null });
    expect(Date.parse(production?.check?.caExpiresAt ?? '')).toBeGreaterThan(Date.now());
    expect(sandbox?.check).toMatchObject({
      code: 'InvalidProviderToken',
      failures: 1,
      fix: expect.stringContaining('`teamId`'),
    });
    expect(good?.check?.balance?.currency).toBe('USD');
    expect(Math.abs(good?.check?.clockSkewMs ?? Infinity)).toBeLessThan(5_000);
    expect(wrong?.check?.code).toBe('20003');

    const metrics = await text('/metrics');
    const labels = `app="${DEMO.appId}",channel="sms",provider="good",type="twilio"`;
    expect(metrics).toContain(`bellhop_provider_check_ok{${labels}} 1`);
    expect(metrics).toMatch(new RegExp(`bellhop_provider_balance\\{${labels},currency="USD"\\} [\\d.]+`));
    expect(metrics).toMatch(/bellhop_provider_check_ok\{.*provider="wrong".*\} 0/);
    expect(metrics).toMatch(/bellhop_clock_skew_seconds\{.*provider="good",vendor="twilio"\} -?[\d.]+/);
    expect(metrics).toMatch(/bellhop_credential_expiry_timestamp_seconds\{.*type="apns"\} [\d.e+]+/);
    expect(await text('/health/ready')).toContain(`${DEMO.appId}/sms/wrong (twilio) check failed: 20003`);
    const failures = log.filter((line) => line.includes('provider.check_failed'));
    expect(failures.map((line) => (JSON.parse(line) as { level: number }).level)).toEqual([40, 40]);
    expect(apns.script.received).toEqual([]);
    expect(twilio.received).toEqual([]);
  });
});

describe('POST /v1/providers/{appId}/{channel}/{id}/check', () => {
  const path = `/v1/providers/${DEMO.appId}/sms/on-demand/check`;

  it('checks now, counts failures in a row and raises an alert at the second', async () => {
    const check = async (): Promise<ProviderJson['check']> => {
      const { statusCode, body } = await gateway.backend('POST', path);
      expect(statusCode).toBe(200);
      const answer = JSON.parse(body) as { outcome: string; isPending: boolean; accounts: ProviderJson[] };
      expect([answer.isPending, answer.outcome]).toEqual([false, answer.accounts[0]?.check?.outcome]);
      return answer.accounts[0]?.check ?? null;
    };
    /** A result of the last 10 s is not repeated, and failures of one minute count once. */
    const passMinute = async (): Promise<void> => {
      const sql = new pg.Client({ connectionString: gateway.databaseUrl });
      await sql.connect();
      await sql.query(`UPDATE provider_check SET checked_at = checked_at - interval '1 minute'`);
      await sql.end();
    };
    await until(async () => (await list()).every(({ check: found }) => found));
    await passMinute();
    twilio.account.details = twilioAccount('suspended');
    expect(await check()).toMatchObject({ outcome: 'failed', code: '20005', failures: 1 });
    expect(await check()).toMatchObject({ failures: 1 });
    await passMinute();
    expect(await check()).toMatchObject({ failures: 2 });
    twilio.account.details = twilioAccount('active');
    expect(await check()).toMatchObject({ outcome: 'failed' });
    await passMinute();
    expect(await check()).toMatchObject({ outcome: 'ok', failures: 0 });
    const alerts = log.filter((line) => line.includes('provider.check_failed') && line.includes('on-demand'));
    expect(alerts.map((line) => (JSON.parse(line) as { level: number }).level)).toEqual([40, 50]);
  });

  it('asks the vendor once for many concurrent requests', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => gateway.backend('POST', `/v1/providers/${DEMO.appId}/sms/good/check`)),
    );
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.replace(/"codes":.*$/, '')))).toHaveProperty('size', 1);
  });

  it('is refused to other callers and for unknown accounts', async () => {
    const post = (url: string, headers: Record<string, string>) =>
      gateway.request({ method: 'POST', url, headers, payload: {} });
    expect((await post(path, {})).statusCode).toBe(401);
    expect((await post(path, { apikey: 'key-of-the-other-app' })).statusCode).toBe(404);
    expect(
      (await post(path.replace('on-demand', 'none'), { authorization: OPERATOR_AUTH })).json(),
    ).toMatchObject({
      statusCode: 404,
      code: 'PROVIDER.NOT_FOUND',
    });
    const listed = await gateway.request({
      method: 'GET',
      url: '/v1/providers',
      headers: { apikey: 'key-of-the-other-app' },
    });
    expect(listed.json()).toEqual({ data: [] });
    expect((await gateway.request({ method: 'GET', url: '/v1/providers' })).statusCode).toBe(401);
  });
});
