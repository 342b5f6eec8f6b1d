import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO, DEMO_CONFIG } from '../../../src/platform/config/demo-config.js';
import { OPERATOR_AUTH, startTestGateway, WEBHOOK_AUTH, type TestGateway } from '../../support/gateway.js';
import { push } from '../../support/payloads.js';
import { startPostgres } from '../../support/postgres.js';
import { until } from '../../support/until.js';

interface DeviceJson {
  id: string;
  uid: string;
  retiredAt?: string;
  retiredReason?: string;
  retiredCode?: string | null;
}

let gateway: TestGateway;
async function register(uid: string, fcmToken: string): Promise<number> {
  const body = { platform: 'fcm_android', fcmToken };
  return (await gateway.backend('POST', `/v1/users/${uid}/devices`, body)).statusCode;
}

async function devices(uid: string, query = ''): Promise<DeviceJson[]> {
  const answer = await gateway.backend('GET', `/v1/users/${uid}/devices${query}`);
  return answer.json<{ data: DeviceJson[] }>().data;
}

async function notify(uid: string): Promise<string> {
  const answer = await gateway.webhook('push', push({ tag: uid }, uid));
  const { notificationId } = answer.json<{ notificationId: string }>();
  return (await gateway.notification(notificationId)).status;
}

async function metric(name: string): Promise<number> {
  const { body } = await gateway.request({ url: '/metrics' });
  const values = [...body.matchAll(new RegExp(`^${name}\\{[^}]*\\} (\\S+)$`, 'gm'))];
  return values.reduce((sum, [, value]) => sum + Number(value), 0);
}

describe('a token', () => {
  beforeAll(async () => {
    gateway = await startTestGateway({ config: { devices: { brake: { minRefusals: 5 } } } });
  });
  afterAll(() => gateway.close());

  describe('that its vendor reports dead', () => {
    it('is retired, listed with the reason, and restored by a new registration', async () => {
      const token = 'unregistered-phone-of-ann';
      expect(await register('ann', token)).toBe(201);
      const [known] = await devices('ann');
      expect(known).not.toHaveProperty('retiredAt');
      expect(await notify('ann')).toBe('failed');
      await until(
        async () => (await devices('ann')).length === 0,
        () => devices('ann'),
      );
      expect(await devices('ann', '?retired=true')).toEqual([
        {
          ...known,
          retiredBy: null,
          retiredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          retiredReason: 'token_unregistered',
          retiredCode: expect.stringMatching(/./),
        },
      ]);
      expect(await notify('ann')).toBe('skipped');

      expect(await register('ann', token)).toBe(200);
      expect(await devices('ann')).toMatchObject([{ id: known?.id }]);
      expect(await devices('ann', '?retired=true')).toEqual([]);
      expect((await gateway.backend('GET', '/v1/users/ann/devices?retired=yes')).json()).toMatchObject({
        code: 'REQUEST.INVALID_QUERY',
        errors: [{ path: 'retired' }],
      });
      expect((await gateway.backend('DELETE', '/v1/users/ann/devices?all=true')).json()).toEqual({
        deleted: 1,
      });
    });

    it('is not retired while too many are reported dead at once', async () => {
      const users = Array.from({ length: 12 }, (_, i) => `crowd-${i}`);
      for (const uid of users) await register(uid, `unregistered-phone-of-${uid}`);
      const retiredBefore = await metric('bellhop_devices_retired_total');
      expect(await Promise.all(users.map(notify))).toEqual(users.map(() => 'failed'));
      const decided = async (): Promise<number> =>
        (await metric('bellhop_devices_retired_total')) -
        retiredBefore +
        (await metric('bellhop_retirements_braked_total'));
      await until(async () => (await decided()) === users.length, decided);
      const left = (await Promise.all(users.map((uid) => devices(uid)))).flat();
      // One send of the test before counts as well.
      expect(left.length).toBeGreaterThanOrEqual(users.length - 5);
      expect(await metric('bellhop_retirements_braked_total')).toBe(left.length);
    });
  });

  describe('that its vendor accepts', () => {
    it('is recorded as reached until it is registered again', async () => {
      await register('eve', 'a-phone-that-lives');
      expect(await notify('eve')).toBe('sent');
      const sql = new pg.Client({ connectionString: gateway.databaseUrl });
      await sql.connect();
      const reachedAt = async (): Promise<unknown> =>
        (await sql.query<{ reached_at: Date | null }>(`SELECT reached_at FROM device WHERE uid = 'eve'`))
          .rows[0]?.reached_at;
      await until(async () => (await reachedAt()) instanceof Date, reachedAt);
      await register('eve', 'a-phone-that-lives');
      expect(await reachedAt()).toBeNull();
      await sql.end();
    });
  });
});

describe('POST /v1/providers/{appId}/{channel}/{id}/release', () => {
  const release = (path: string, headers: Record<string, string>) =>
    own.request({ method: 'POST', url: `/v1/providers/${path}/release`, headers, payload: {} });
  const OTHER_KEY = 'backend-key-of-another-app';
  let own: TestGateway;
  beforeAll(async () => {
    const [app] = DEMO_CONFIG.apps;
    const other = { ...app, appId: 'other', clients: { apiKeys: [OTHER_KEY] } };
    own = await startTestGateway({ config: { apps: [app, other] }, settings: { role: 'api' } });
  });
  afterAll(() => own.close());

  it('is allowed for the operator and the app’s backend', async () => {
    for (const headers of [{ authorization: OPERATOR_AUTH }, { apikey: DEMO.apiKey }]) {
      const answer = await release('app123/push/default', headers);
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toEqual({
        appId: 'app123',
        channel: 'push',
        id: 'default',
        state: 'closed',
        releasedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      });
    }
    for (const headers of [{}, { apikey: 'none' }, { authorization: WEBHOOK_AUTH }] as Record<
      string,
      string
    >[])
      expect((await release('app123/push/default', headers)).statusCode).toBe(401);
  });

  it('does not find an unknown account or one of another app', async () => {
    const operator = { authorization: OPERATOR_AUTH };
    for (const [path, headers] of [
      ['app123/push/none', operator],
      ['app123/mail/default', operator],
      ['nobody/push/default', operator],
      ['other/push/default', { apikey: DEMO.apiKey }],
      ['app123/push/default', { apikey: OTHER_KEY }],
    ] as const) {
      const answer = await release(path, headers);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'PROVIDER.NOT_FOUND']);
    }
  });
});

describe('a token that is not registered again', () => {
  it('is retired after retireAfterDays', async () => {
    const postgres = await startPostgres();
    const sql = new pg.Client({ connectionString: postgres.url });
    await sql.connect();
    await sql.query(`
      INSERT INTO device (id, app_id, uid, platform, transport, provider_id, token, token_hash, updated_at)
      SELECT gen_random_uuid(), 'app123', 'old', 'fcm_web', 'fcm', 'default', 'token-' || days,
             sha256(('token-' || days)::bytea), now() - days * interval '1 day'
      FROM unnest(ARRAY[11, 9]) AS days`);
    await sql.end();
    const own = await startTestGateway({ postgres, config: { devices: { retireAfterDays: 10 } } });
    try {
      const list = async (query: string): Promise<DeviceJson[]> =>
        (await own.backend('GET', `/v1/users/old/devices${query}`)).json<{ data: DeviceJson[] }>().data;
      await until(
        async () => (await list('?retired=true')).length > 0,
        () => list(''),
      );
      expect(await list('?retired=true')).toMatchObject([{ retiredReason: 'unseen', retiredCode: null }]);
      expect(await list('')).toHaveLength(1);
    } finally {
      await own.close();
      await postgres.close();
    }
  });
});
