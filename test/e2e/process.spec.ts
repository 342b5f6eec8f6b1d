import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { emptyRedis, WEBHOOK_AUTH, type NotificationJson, type SandboxJson } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { startPostgres } from '../support/postgres.js';
import {
  buildProgram,
  runProcess,
  startProcess,
  temporaryDirectory,
  type GatewayProcess,
} from '../support/process.js';

const LONG_MS = 120_000;

let directory: { path: string; remove: () => Promise<void> };
let redis: Record<string, string>;
const running: GatewayProcess[] = [];

beforeAll(buildProgram);
beforeEach(async () => {
  directory = await temporaryDirectory();
  const url = await emptyRedis();
  redis = url === undefined ? {} : { REDIS_URL: url };
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.stop()));
  await directory.remove();
});
afterAll(() => expect(running).toHaveLength(0));

const start = async (env: Record<string, string> = {}): Promise<GatewayProcess> => {
  const gateway = await startProcess({ DATA_DIR: directory.path, ...redis, ...env });
  running.push(gateway);
  return gateway;
};
const forget = (gateway: GatewayProcess): void => void running.splice(running.indexOf(gateway), 1);

const json = { 'content-type': 'application/json' };
const backend = { apikey: DEMO.apiKey };
const register = (url: string, uid: string): Promise<Response> =>
  fetch(`${url}/v1/users/${uid}/devices`, {
    method: 'POST',
    headers: { ...backend, ...json },
    body: JSON.stringify({ platform: 'fcm_android', fcmToken: `token-of-${uid}` }),
  });
/** The notification's id where it was acknowledged. */
const post = async (url: string, tag: string): Promise<string | undefined> => {
  const body = JSON.stringify(push({ tag }, 'ann'));
  const headers = { ...json, authorization: WEBHOOK_AUTH };
  const answer = await fetch(`${url}/webhooks/cometchat/push`, { method: 'POST', headers, body }).catch(
    () => undefined,
  );
  if (answer?.status !== 200) return undefined;
  return ((await answer.json()) as { notificationId: string }).notificationId;
};
const statusOf = async (url: string, id: string): Promise<NotificationJson> => {
  const answer = await fetch(`${url}/v1/notifications/${id}`, { headers: backend });
  return (await answer.json()) as NotificationJson;
};
const settled = async (url: string, id: string): Promise<NotificationJson> => {
  for (const deadline = Date.now() + 60_000; ;) {
    const record = await statusOf(url, id);
    if (record.settledAt) return record;
    if (Date.now() > deadline) throw new Error(`Not settled: ${JSON.stringify(record)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

describe('a process', () => {
  it(
    'keeps everything over a stop and a start, and ends with 0',
    async () => {
      const first = await start();
      await register(first.url, 'ann');
      const id = (await post(first.url, 'before')) ?? '';
      await settled(first.url, id);
      expect(await first.stop()).toBe(0);
      forget(first);

      const second = await start();
      expect(await statusOf(second.url, id)).toMatchObject({ id, status: 'sent' });
      const again = (await post(second.url, 'after')) ?? '';
      expect(await settled(second.url, again)).toMatchObject({ status: 'sent' });
    },
    LONG_MS,
  );

  it(
    'delivers whatever it acknowledged, however often it is killed',
    async () => {
      const acknowledged: string[] = [];
      let gateway = await start();
      await register(gateway.url, 'ann');
      for (let round = 0; round < 3; round++) {
        const posts = Array.from({ length: 60 }, (_, i) => post(gateway.url, `r${round}-${i}`));
        // Killed while some are answered, some stored, some planned and some being sent.
        await Promise.race(posts);
        await new Promise((resolve) => setTimeout(resolve, 40 * round));
        await gateway.kill();
        forget(gateway);
        acknowledged.push(...(await Promise.all(posts)).filter((id) => id !== undefined));
        gateway = await start();
      }
      expect(acknowledged.length).toBeGreaterThan(0);
      for (const id of acknowledged) expect((await settled(gateway.url, id)).status).toBe('sent');

      const answer = await fetch(`${gateway.url}/sandbox/messages?limit=10000`);
      const { data } = (await answer.json()) as { data: SandboxJson[] };
      const perTag = new Map<string, number>();
      for (const { message } of data) {
        const tag = message.data?.['tag'] ?? '';
        perTag.set(tag, (perTag.get(tag) ?? 0) + 1);
      }
      expect(perTag.size).toBeGreaterThanOrEqual(acknowledged.length);
      // At least once: a kill between the vendor's answer and our note of it sends again, once for each kill.
      expect(Math.max(...perTag.values())).toBeLessThanOrEqual(4);
    },
    4 * LONG_MS,
  );

  it(
    'refuses the data directory of another that runs',
    async () => {
      await start();
      const { code, output } = await runProcess({ DATA_DIR: directory.path, ...redis });
      expect(code).toBe(1);
      expect(output).toMatch(/data directory .* is in use by another gateway \(process \d+\)/);
    },
    LONG_MS,
  );

  it(
    'names every fault of its settings and configuration at once',
    async () => {
      const file = path.join(directory.path, 'bellhop.yaml');
      await writeFile(file, 'apps:\n  - appId: "a b"\n    region: moon\n    webhook: {}\n    colour: red\n');
      const { code, output } = await runProcess({
        BELLHOP_CONFIG: file,
        PORT: 'http',
        NODE_ENV: 'production',
      });
      expect(code).toBe(1);
      for (const name of ['PORT', 'REDIS_URL', 'DATABASE_URL', 'ADMIN_USERNAME', 'ADMIN_PASSWORD'])
        expect(output).toContain(`  ${name} `);
      for (const where of ['appId', 'region', 'webhook.basicAuth', 'colour'])
        expect(output).toContain(`  apps[0].${where} `);
    },
    LONG_MS,
  );

  it(
    'does its part alone: one takes webhooks, another delivers',
    async () => {
      const postgres = await startPostgres();
      try {
        const api = await start({ ROLE: 'api', DATABASE_URL: postgres.url });
        await register(api.url, 'ann');
        const id = (await post(api.url, 'split')) ?? '';
        expect((await statusOf(api.url, id)).status).toBe('queued');
        const worker = await start({ ROLE: 'worker', DATABASE_URL: postgres.url });
        expect(await settled(api.url, id)).toMatchObject({ status: 'sent' });
        expect((await fetch(`${worker.url}/webhooks/cometchat/push`, { method: 'POST' })).status).toBe(404);
        expect((await fetch(`${worker.url}/health/ready`)).status).toBe(200);
      } finally {
        await Promise.all(running.splice(0).map((gateway) => gateway.stop()));
        await postgres.close();
      }
    },
    LONG_MS,
  );
});
