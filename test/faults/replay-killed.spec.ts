import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO } from '../../src/platform/config/demo-config.js';
import type { ReplayDetailsDto } from '../../src/notifications/replays/replay.dto.js';
import { insertFailed } from '../support/failed-notifications.js';
import { fcmError } from '../support/fcm-server.js';
import { registerPhone, startProcessRig, type ProcessRig } from '../support/process-rig.js';
import { startProcess, type GatewayProcess } from '../support/process.js';
import { until } from '../support/until.js';

const NOTIFICATIONS = 10_000;
const STEP = 1_000;

let rig: ProcessRig;
let sql: pg.Pool;
let api: GatewayProcess;
let worker: GatewayProcess;
beforeAll(async () => {
  rig = await startProcessRig();
  sql = new pg.Pool({ connectionString: rig.stores.databaseUrl, max: 1 });
  sql.on('error', () => undefined);
  api = await startProcess(rig.env('api'));
  worker = await startProcess(rig.env('worker'));
});
afterAll(async () => {
  await Promise.all([api.stop(), worker.stop()]);
  await sql.end();
  await rig.close();
});

async function call(method: string, path: string, body?: object): Promise<ReplayDetailsDto> {
  const answer = await fetch(`${api.url}/v1/replays${path}`, {
    method,
    headers: { apikey: DEMO.apiKey, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as ReplayDetailsDto;
}

it(`a replay of ${NOTIFICATIONS} notifications sends each once, although its worker is killed`, async () => {
  await registerPhone(api.url);
  const [device] = await rig.query<{ id: string }>('SELECT id FROM device');
  const deliveries = [{ deviceId: device?.id ?? '', provider: 'fcm', kind: 'fcm' }];
  const failed = Array.from({ length: NOTIFICATIONS }, (_, i) => ({
    uid: 'ann',
    tag: `failed-${i}`,
    deliveries,
  }));
  await insertFailed(sql, failed);

  // The outage ends after the kill: a push that is under way when the worker is killed has not been accepted.
  rig.fcm.answerWith(fcmError(503, 'UNAVAILABLE'));
  const { id } = await call('POST', '', { filter: { from: '2020-01-01' }, perSecond: STEP });
  const stored = async (): Promise<number> =>
    (await rig.query<{ count: number }>('SELECT count(*)::int AS count FROM replay_item'))[0]?.count ?? 0;
  await until(async () => (await stored()) > 2 * STEP, worker.output);
  await worker.kill();
  expect(await stored()).toBeLessThan(NOTIFICATIONS);
  rig.fcm.answerWith(undefined);
  worker = await startProcess(rig.env('worker'));
  for (let count = STEP; count <= NOTIFICATIONS; count += STEP) {
    await until(async () => (await stored()) >= count, worker.output);
  }
  const replay = await until(
    async () => {
      const found = await call('GET', `/${id}`);
      return found.state === 'done' && found;
    },
    () => call('GET', `/${id}`),
  );
  expect(replay).toMatchObject({ sent: NOTIFICATIONS, leftOut: [] });

  for (let count = STEP; count <= NOTIFICATIONS; count += STEP) {
    await until(() => rig.received().size >= count, rig.deliveries);
  }
  await until(async () => (await rig.deliveries())['sent'] === NOTIFICATIONS, rig.deliveries);
  expect([...rig.received().values()].filter((times) => times !== 1)).toEqual([]);
  expect(await rig.deliveries()).toEqual({ sent: NOTIFICATIONS, provider_unavailable: NOTIFICATIONS });
  const copies = await rig.query<{ count: number }>(
    `SELECT count(DISTINCT origin_id)::int AS count FROM notification WHERE source = 'replay'`,
  );
  expect(copies).toEqual([{ count: NOTIFICATIONS }]);
});
