import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ageLocks } from '../support/aged-stores.js';
import { startProcess, type GatewayProcess } from '../support/process.js';
import { registerPhone, startProcessRig, type ProcessRig } from '../support/process-rig.js';
import { postPush } from '../support/process-api.js';
import { until } from '../support/until.js';

const PUSHES = 150;
const CONCURRENCY = 50;
const MOMENT_MS = 300;
/** Over ten connections. */
const STREAMS = 20;
const CLAIMED = `SELECT count(*)::int AS count FROM delivery WHERE status = 'queued' AND claimed_until > now()`;
/** How long a claim lasts, with time limits of 10 s at most. */
const CLAIM_MS = 20_000;

let rig: ProcessRig;
let api: GatewayProcess;
let letFcmAnswer: () => void;
beforeAll(async () => {
  // Ten connections of two streams: of fifty calls, thirty wait to be written.
  const answersAfter = new Promise<void>((resolve) => (letFcmAnswer = resolve));
  const fcm = { answersAfter, maxConcurrentStreams: STREAMS / 10 };
  rig = await startProcessRig({ fcm, concurrency: CONCURRENCY, requestTimeoutMs: 10_000 });
  api = await startProcess(rig.env('api'));
  await registerPhone(api.url);
});
afterAll(async () => {
  await api.stop();
  await rig.close();
});

interface AttemptRow {
  readonly tag: string;
  readonly outcomes: string[];
  /** Between the claims of the first attempt and the second. */
  readonly gap_ms: number;
}

it('a worker that slept while another took its deliveries over sends none of them', async () => {
  for (let n = 0; n < PUSHES; n += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => postPush(api.url, `push-${n + index}`)));
  }
  const sleeper = await startProcess(rig.env('worker'));
  // FCM has twenty and answers none, and more are claimed that wait to be written. What is being written at the very
  // moment of the stop would leave the process when it wakes: so the stop comes while nothing moves.
  await until(
    async () => {
      const asked = rig.fcm.asked();
      await new Promise((resolve) => setTimeout(resolve, MOMENT_MS));
      const [{ count } = { count: 0 }] = await rig.query<{ count: number }>(CLAIMED);
      return asked >= STREAMS && asked === rig.fcm.asked() && count > 1.5 * STREAMS;
    },
    () => rig.deliveries(),
  );
  sleeper.signal('SIGSTOP');
  letFcmAnswer();
  const other = await startProcess(rig.env('worker'));
  try {
    await ageLocks(rig.stores);
    await until(
      async () => (await rig.deliveries())['sent'] === PUSHES,
      () => rig.deliveries(),
    );
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
      `SELECT n.content::json->'notificationDetails'->>'tag' AS tag, array_agg(a.outcome ORDER BY a.attempt) AS outcomes,
                (extract(epoch FROM max(a.started_at) FILTER (WHERE a.attempt = 2)
                                  - max(a.started_at) FILTER (WHERE a.attempt = 1)) * 1000)::float8 AS gap_ms
         FROM attempt a JOIN delivery d ON d.id = a.delivery_id JOIN notification n ON n.id = d.notification_id
         GROUP BY 1 HAVING count(*) > 1`,
    );
    // The other took over no delivery before its claim was over.
    expect(attempted.filter(({ gap_ms }) => gap_ms < CLAIM_MS)).toEqual([]);
    const marked = new Set(attempted.map(({ tag }) => tag));
    expect(doubled.filter((tag) => !marked.has(tag))).toEqual([]);
    // It did hold some that it had not begun to send.
    expect(marked.size).toBeGreaterThan(doubled.length);
  } finally {
    await other.stop();
  }
});
