import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startProcess, type GatewayProcess } from '../support/process.js';
import { registerPhone, startProcessRig, type ProcessRig } from '../support/process-rig.js';
import { postPush } from '../support/process-api.js';
import { until } from '../support/until.js';

const PUSHES = 30;
const BY_AN_HOUR = { forward: 'SIGUSR2', back: 'SIGWINCH' } as const;

let rig: ProcessRig;
let gateway: GatewayProcess;
beforeAll(async () => {
  rig = await startProcessRig({ fcm: { latencyMs: 500 } });
  gateway = await startProcess(rig.env('all', 'clock.mjs'));
  await registerPhone(gateway.url);
});
afterAll(async () => {
  await gateway.stop();
  await rig.close();
});

it('clock steps of one hour in both directions lose and duplicate no push', async () => {
  let posted = 0;
  // The last step ends an hour behind the start.
  for (const step of ['forward', 'back', 'back'] as const) {
    const asked = rig.fcm.asked();
    const post = (count: number): Promise<unknown> =>
      Promise.all(Array.from({ length: count }, () => postPush(gateway.url, `push-${posted++}`)));
    await post(PUSHES);
    await until(
      () => rig.fcm.asked() > asked,
      () => rig.deliveries(),
    );
    gateway.signal(BY_AN_HOUR[step]);
    await post(PUSHES);
    await until(
      async () => (await rig.deliveries())['sent'] === posted,
      () => rig.deliveries(),
    );
  }
  expect(rig.received().size).toBe(posted);
  expect(new Set(rig.received().values())).toEqual(new Set([1]));
  const attempts = await rig.query<{ outcome: string; count: number }>(
    'SELECT outcome, count(*)::int AS count FROM attempt GROUP BY 1',
  );
  expect(attempts).toEqual([{ outcome: 'accepted', count: posted }]);
  // Google would issue no second token for a wrong clock.
  expect(rig.fcm.tokens.issued).toHaveLength(1);
});
