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

it('two jobs that crash every process are dead-lettered, and all other jobs run once', async () => {
  const tags = Array.from({ length: OTHERS }, (_, index) => `other-${index}`);
  // The poison is in the middle: 500 jobs run at once.
  await Promise.all(tags.slice(0, OTHERS / 2).map((tag) => postPush(api.url, tag)));
  const inPlan = await postPush(api.url, 'plan', 'poison of the planner');
  const inSend = await postPush(api.url, 'send', 'poison of the sender');
  await Promise.all(tags.slice(OTHERS / 2).map((tag) => postPush(api.url, tag)));

  const crashes = await restartUntil(async () => {
    const done = (await rig.deliveries())['sent'] === OTHERS;
    return done && (await failedJobs(api.url, 'push')) === 2;
  });
  expect(crashes).toBeGreaterThanOrEqual(CRASHES);
  expect(crashes).toBeLessThanOrEqual(2 * CRASHES);
  const received = rig.received();
  expect([...received.keys()].toSorted()).toEqual(tags.toSorted());
  // A crash between FCM's answer and its record sends the push again.
  expect(Math.max(...received.values())).toBeLessThanOrEqual(1 + crashes);
  expect(await rig.deliveries()).toEqual({ sent: OTHERS, set_aside: 1 });

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
  expect(await retryOnBoard(api.url, 'push', inPlan)).toBe(204);
  expect(await retryOnBoard(api.url, 'push', delivery)).toBe(204);
  await until(
    () => rig.received().has('plan') && rig.received().has('send'),
    () => rig.deliveries(),
  );
  await until(
    async () => (await rig.deliveries())['sent'] === OTHERS + 2,
    () => rig.deliveries(),
  );
  expect(await failedJobs(api.url, 'push')).toBe(0);
});

const OTHERS = 200;
/** Crashes with full concurrency, reduced concurrency, beside new jobs only, and alone. */
const CRASHES = 4;

/** Restarts a worker with the poison preload until `done`. @returns the number of crashes. */
async function restartUntil(done: () => Promise<boolean>): Promise<number> {
  for (let crashes = 0; ; crashes++) {
    if (crashes > 4 * CRASHES)
      throw new Error(`The worker keeps crashing:\n${worker?.output().slice(-2_000)}`);
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
    if (!ended) return crashes;
  }
}
