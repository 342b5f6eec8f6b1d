import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { DEMO_ADMIN } from '../../src/platform/config/process-settings.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { USERS, VIEWER_AUTH } from '../support/operators.js';
import { push } from '../support/payloads.js';
import { until } from '../support/until.js';

interface ConfigJson {
  version: string;
  node: string;
  role: string;
  settings: { path: string; value: unknown; source: string }[];
  migrations: { applied: number; missing: number; last: string };
  partitions: { table: string; name: string; from: string | null; to: string }[];
}
interface ScalingJson {
  queues: {
    name: string;
    waiting: number;
    active: number;
    delayed: number;
    failed: number;
    paused: boolean;
    oldestSeconds: number | null;
    workers: number;
  }[];
}

let gateway: TestGateway;
const get = (url: string, headers: Record<string, string>) =>
  gateway.request({ method: 'GET', url, headers });

describe('a gateway', () => {
  let sql: pg.Pool;
  beforeAll(async () => {
    gateway = await startTestGateway({ config: { admin: { users: USERS } } });
    sql = new pg.Pool({ connectionString: gateway.databaseUrl, max: 1 });
  });
  afterAll(async () => {
    await sql.end();
    await gateway.close();
  });

  describe('GET /v1/config', () => {
    it('shows every setting in effect with its source, without secrets', async () => {
      const answer = await get('/v1/config', { authorization: VIEWER_AUTH });
      const { settings, ...others } = answer.json<ConfigJson>();
      expect(others).toMatchObject({ version: '0.1.0', node: process.version, role: 'all' });
      const shown = Object.fromEntries(settings.map(({ path, value, source }) => [path, [value, source]]));
      expect(shown).toMatchObject({
        PORT: [0, 'environment'],
        ROLE: ['all', 'default'],
        DATABASE_URL: [expect.stringMatching(/^postgres(ql)?:\/\/[^@]+\/\w+$/), 'environment'],
        ADMIN_USERNAME: [DEMO_ADMIN.username, 'demo'],
        ADMIN_PASSWORD: ['[set]', 'demo'],
        PUBLIC_URL: [null, 'default'],
        'apps[0].appId': [DEMO.appId, 'file'],
        'apps[0].webhook.basicAuth[0].password': ['[set]', 'file'],
        'apps[0].clients.apiKeys': ['[set]', 'file'],
        'apps[0].clients.jwt.secret': ['[set]', 'file'],
        'apps[0].push.providers[0].type': ['sandbox', 'file'],
        'delivery.backoffMs': [20, 'file'],
        'devices.brake.minRefusals': [20, 'default'],
        'admin.users[0].username': ['vera', 'file'],
        'admin.users[0].password': ['[set]', 'file'],
      });
      for (const secret of [
        DEMO.webhook.password,
        DEMO.apiKey,
        DEMO.jwtSecret,
        DEMO_ADMIN.password,
        'scrypt:',
      ])
        expect(answer.body).not.toContain(secret);
    });

    it('shows migrations and partitions', async () => {
      const { migrations, partitions } = (
        await get('/v1/config', { authorization: OPERATOR_AUTH })
      ).json<ConfigJson>();
      const { rows } = await sql.query<{ count: number; last: string }>(
        'SELECT count(*)::int AS count, max(migration_name) AS last FROM "_prisma_migrations"',
      );
      expect(migrations).toEqual({ applied: rows[0]?.count, missing: 0, last: rows[0]?.last });
      expect(new Set(partitions.map(({ table }) => table))).toEqual(
        new Set(['notification', 'attempt', 'delivery']),
      );
      const now = new Date().toISOString();
      expect(
        partitions.filter(
          ({ table, from, to }) => table === 'notification' && (from ?? '') <= now && now < to,
        ),
      ).toHaveLength(1);
    });
  });

  describe('GET /v1/scaling', () => {
    it('shows the load of every queue to a backend and an operator', async () => {
      const idle = { active: 0, delayed: 0, failed: 0, paused: false, oldestSeconds: null, waiting: 0 };
      const { queues } = (await get('/v1/scaling', { apikey: DEMO.apiKey })).json<ScalingJson>();
      expect(queues.map(({ name }) => name)).toEqual([
        ...['push', 'calls', 'sms', 'devices', 'replays', 'upkeep'],
      ]);
      expect(queues.filter(({ name }) => name === 'push')).toEqual([{ name: 'push', ...idle, workers: 1 }]);
      const same = await get('/v1/scaling', { authorization: OPERATOR_AUTH });
      expect(same.json<ScalingJson>().queues).toHaveLength(queues.length);
    });
  });
});

describe('a gateway without workers', () => {
  beforeAll(async () => {
    gateway = await startTestGateway({ settings: { role: 'api' } });
  });
  afterAll(() => gateway.close());

  it('shows jobs that wait, and since when', async () => {
    expect((await gateway.webhook('push', push({ tag: 'scaling' }, 'ann'))).statusCode).toBe(200);
    const pushes = await until(async () => {
      const { queues } = (await get('/v1/scaling', { apikey: DEMO.apiKey })).json<ScalingJson>();
      const found = queues.find(({ name }) => name === 'push');
      return found?.waiting === 1 && (found.oldestSeconds ?? 0) > 0 && found;
    });
    expect(pushes).toEqual({
      ...{ name: 'push', waiting: 1, active: 0, delayed: 0, failed: 0, paused: false, workers: 0 },
      oldestSeconds: expect.any(Number),
    });
  });
});
