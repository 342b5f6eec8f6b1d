import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { ageClaims, ageLocks } from '../support/aged-stores.js';
import { spawnProgram, startProcess, type GatewayProcess, type SpawnedProgram } from '../support/process.js';
import {
  failedJobs,
  registerPhone,
  retryOnBoard,
  startProcessRig,
  type ProcessRig,
} from '../support/process-rig.js';
import { notificationOf, postPush } from '../support/process-api.js';
import { until } from '../support/until.js';

const NEIGHBOURS = 200;
/** Once with all, then with few, by itself beside fresh work, and alone. */
const DEATHS = 4;

let rig: ProcessRig;
let api: GatewayProcess;
let worker: SpawnedProgram | undefined;
beforeAll(async () => {
  rig = await startProcessRig();
  api = await startProcess(rig.env('api'));
  await registerPhone(api.url);
});
afterEach(async () => {
  worker?.signal('SIGTERM');
  await worker?.exited;
});
afterAll(async () => {
  await api.stop();
  await rig.close();
});

/** Runs a worker that meets poison, again and again, until `done`. @returns how often it died. */
async function restartUntil(done: () => Promise<boolean>): Promise<number> {
  for (let deaths = 0; ; deaths++) {
    if (deaths > 4 * DEATHS) throw new Error(`It goes on dying:\n${worker?.output().slice(-2_000)}`);
    await ageLocks(rig.stores);
    await ageClaims(rig.stores);
    const started = spawnProgram(rig.env('worker', 'poison.mjs'));
    worker = started;
    let ended = false;
    void started.exited.then(() => (ended = true));
    await until(
      async () => ended || (await done()),
      () => rig.deliveries(),
    );
    if (!ended) return deaths;
  }
}

const setAside = async (): Promise<[number, number]> => [
  await failedJobs(api.url, 'plan'),
  await failedJobs(api.url, 'push'),
];

it('two jobs that end every process are set aside, and all others are done, once', async () => {
  const tags = Array.from({ length: NEIGHBOURS }, (_, index) => `neighbour-${index}`);
  // In the midst of them: 500 jobs are in hand at once.
  await Promise.all(tags.slice(0, NEIGHBOURS / 2).map((tag) => postPush(api.url, tag)));
  const inPlan = await postPush(api.url, 'plan', 'poison of the planner');
  const inSend = await postPush(api.url, 'send', 'poison of the sender');
  await Promise.all(tags.slice(NEIGHBOURS / 2).map((tag) => postPush(api.url, tag)));

  const deaths = await restartUntil(async () => {
    const done = (await rig.deliveries())['sent'] === NEIGHBOURS;
    return done && (await setAside()).every((jobs) => jobs === 1);
  });
  expect(deaths).toBeGreaterThanOrEqual(DEATHS);
  expect(deaths).toBeLessThanOrEqual(2 * DEATHS);
  const received = rig.received();
  expect([...received.keys()].toSorted()).toEqual(tags.toSorted());
  // A death between FCM's answer and our record of it sends again.
  expect(Math.max(...received.values())).toBeLessThanOrEqual(1 + deaths);
  expect(await rig.deliveries()).toEqual({ sent: NEIGHBOURS, 'queued set_aside': 1 });

  expect(await notificationOf(api.url, inPlan)).toMatchObject({ status: 'queued', reason: 'set_aside' });
  const waiting = await notificationOf(api.url, inSend);
  expect(waiting).toMatchObject({
    status: 'queued',
    deliveries: [{ status: 'queued', reason: 'set_aside' }],
  });
  const delivery = waiting.deliveries[0]?.id ?? '';

  worker?.signal('SIGTERM');
  expect(await worker?.exited).toBe(0);
  expect(worker?.output()).toContain('"job.dead_lettered"');
  worker = spawnProgram(rig.env('worker'));
  expect(await retryOnBoard(api.url, 'plan', inPlan)).toBe(204);
  expect(await retryOnBoard(api.url, 'push', delivery)).toBe(204);
  await until(
    () => rig.received().has('plan') && rig.received().has('send'),
    () => rig.deliveries(),
  );
  await until(
    async () => (await rig.deliveries())['sent'] === NEIGHBOURS + 2,
    () => rig.deliveries(),
  );
  expect(await setAside()).toEqual([0, 0]);
});
