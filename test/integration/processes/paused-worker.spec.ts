import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ageLocks } from '../../support/aged-stores.js';
import { startProcess, type GatewayProcess } from '../../support/process.js';
import {
  postPush,
  registerPhone,
  startProcessRig,
  until,
  type ProcessRig,
} from '../../support/process-rig.js';

const LONG_MS = 120_000;
const PUSHES = 300;
const CONCURRENCY = 50;
/** A claim's, with time limits of 5 s at most. */
const CLAIM_MS = 15_000;

let rig: ProcessRig;
let api: GatewayProcess;
beforeAll(async () => {
  // Ten connections of two streams: of fifty calls, thirty wait to be written.
  const fcm = { latencyMs: 100, maxConcurrentStreams: 2 };
  rig = await startProcessRig({ fcm, concurrency: CONCURRENCY, requestTimeoutMs: 5_000 });
  api = await startProcess(rig.env('api'));
  await registerPhone(api.url);
}, LONG_MS);
afterAll(async () => {
  await api.stop();
  await rig.close();
});

interface AttemptRow {
  readonly tag: string;
  readonly outcomes: string[];
}

it(
  'a worker that slept while another took its deliveries over sends none of them',
  async () => {
    for (let n = 0; n < PUSHES; n += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, index) => postPush(api.url, `push-${n + index}`)));
    }
    const sleeper = await startProcess(rig.env('worker'));
    await until(() => rig.fcm.asked() > 40);
    sleeper.signal('SIGSTOP');
    const sleptAt = performance.now();
    const other = await startProcess(rig.env('worker'));
    try {
      await ageLocks(rig.stores);
      await until(
        async () => (await rig.deliveries())['sent'] === PUSHES,
        () => rig.deliveries(),
      );
      expect(performance.now() - sleptAt).toBeGreaterThan(CLAIM_MS / 2);
      const asked = rig.fcm.asked();

      sleeper.signal('SIGCONT');
      // It ends what it has in hand before it goes.
      expect(await sleeper.stop()).toBe(0);
      expect(rig.fcm.asked()).toBe(asked);

      // Twice only what was with FCM when the worker fell asleep, and the ledger says so.
      const doubled = [...rig.received()].filter(([, times]) => times > 1).map(([tag]) => tag);
      expect(rig.received().size).toBe(PUSHES);
      expect(doubled.length).toBeLessThanOrEqual(CONCURRENCY);
      const attempted = await rig.query<AttemptRow>(
        `SELECT n.content::json->'notificationDetails'->>'tag' AS tag, array_agg(a.outcome ORDER BY a.attempt) AS outcomes
         FROM attempt a JOIN delivery d ON d.id = a.delivery_id JOIN notification n ON n.id = d.notification_id
         GROUP BY 1 HAVING count(*) > 1`,
      );
      const marked = new Set(attempted.map(({ tag }) => tag));
      expect(doubled.filter((tag) => !marked.has(tag))).toEqual([]);
      // It did hold some that it had not begun to send.
      expect(marked.size).toBeGreaterThan(doubled.length);
    } finally {
      await other.stop();
    }
  },
  LONG_MS,
);
