import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ageLocks } from '../support/aged-stores.js';
import { startProcess, type GatewayProcess } from '../support/process.js';
import { registerPhone, startProcessRig, type ProcessRig } from '../support/process-rig.js';
import { postPush } from '../support/process-api.js';
import { until } from '../support/until.js';

const PUSHES = 150;
const CONCURRENCY = 50;
const MOMENT_MS = 300;
/** Concurrent requests over ten connections. */
const STREAMS = 20;
const CLAIMED = `SELECT count(*)::int AS count FROM delivery WHERE status = 'queued' AND claimed_until > now()`;
/** Duration of a claim with request timeouts of at most 10 s. */
const CLAIM_MS = 20_000;

let rig: ProcessRig;
let api: GatewayProcess;
let letFcmAnswer: () => void;
beforeAll(async () => {
  // Ten connections with two streams each: of fifty requests, thirty wait to be written.
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
  /** Time between the claims of the first two attempts, in ms. */
  readonly gap_ms: number;
}

it('a worker that was paused while another took over its deliveries sends none of them', async () => {
  for (let n = 0; n < PUSHES; n += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => postPush(api.url, `push-${n + index}`)));
  }
  const paused = await startProcess(rig.env('worker'));
  // Wait until FCM holds twenty requests and further claimed deliveries wait to be written. Pausing between writes
  // ensures that no partly written request leaves the process when it resumes.
  await until(
    async () => {
      const requests = rig.fcm.asked();
      await new Promise((resolve) => setTimeout(resolve, MOMENT_MS));
      const [{ count } = { count: 0 }] = await rig.query<{ count: number }>(CLAIMED);
      return requests >= STREAMS && requests === rig.fcm.asked() && count > 1.5 * STREAMS;
    },
    () => rig.deliveries(),
  );
  paused.signal('SIGSTOP');
  letFcmAnswer();
  const other = await startProcess(rig.env('worker'));
  try {
    await ageLocks(rig.stores);
    await until(
      async () => (await rig.deliveries())['sent'] === PUSHES,
      () => rig.deliveries(),
    );
    const requests = rig.fcm.asked();

    paused.signal('SIGCONT');
    // Stopping completes the deliveries in progress.
    expect(await paused.stop()).toBe(0);
    expect(rig.fcm.asked()).toBe(requests);

    // Only requests that FCM already had when the worker was paused are duplicated, and the ledger marks them.
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
    // The other worker took over no delivery before its claim had expired.
    expect(attempted.filter(({ gap_ms }) => gap_ms < CLAIM_MS)).toEqual([]);
    const marked = new Set(attempted.map(({ tag }) => tag));
    expect(doubled.filter((tag) => !marked.has(tag))).toEqual([]);
    // The paused worker also held deliveries that it had not started to send.
    expect(marked.size).toBeGreaterThan(doubled.length);
  } finally {
    await other.stop();
  }
});
