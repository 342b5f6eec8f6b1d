import { afterAll, beforeAll, expect, it } from '@jest/globals';
import http from 'node:http';
import { WEBHOOK_AUTH } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { startProcess, type GatewayProcess } from '../support/process.js';
import { registerPhone, startProcessRig, type ProcessRig } from '../support/process-rig.js';
import { until } from '../support/until.js';

let rig: ProcessRig;
beforeAll(async () => {
  // Long enough that no request to FCM times out and is repeated on a busy machine.
  rig = await startProcessRig({ requestTimeoutMs: 60_000 });
  const start = (role: string): Promise<GatewayProcess> => startProcess(rig.env(role, undefined, DRAIN));
  const [firstApi, firstWorker] = await Promise.all([start('api'), start('worker')]);
  const [secondApi, secondWorker] = await Promise.all([start('api'), start('worker')]);
  apis.push(firstApi, secondApi);
  workers.push(firstWorker, secondWorker);
  await registerPhone(apis[0]?.url ?? '');
});
afterAll(async () => {
  await Promise.all([...apis, ...workers].map((running) => running.stop()));
  await rig.close();
});

it('a rolling restart of two api and two worker processes refuses and loses no webhook', async () => {
  const balancer = new Balancer();
  const restarted = new AbortController();
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let n = 0; !restarted.signal.aborted; n++) {
      await balancer.post(`${client}-${n}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  });
  try {
    for (const [role, running] of [
      ['api', apis],
      ['worker', workers],
    ] as const) {
      for (let index = 0; index < running.length; index++) {
        await until(
          () => balancer.accepted.length > 0,
          () => balancer.faults,
        );
        expect(await running[index]?.stop()).toBe(0);
        const next = await startProcess(rig.env(role, undefined, DRAIN));
        running.splice(index, 1, next);
        const ready = (): Promise<Response> => fetch(`${next.url}/health/ready`);
        await until(
          async () => (await ready()).ok,
          async () => (await ready()).text(),
        );
      }
    }
  } finally {
    restarted.abort();
    await Promise.all(clients);
    await balancer.stop();
  }
  expect(balancer.faults).toEqual([]);
  expect(balancer.accepted.length).toBeGreaterThan(CLIENTS);
  await until(
    () => rig.received().size === balancer.accepted.length,
    () => rig.deliveries(),
  );
  // Every process stopped cleanly, so nothing was sent twice.
  const duplicated = [...rig.received()].filter(([, times]) => times > 1).map(([tag]) => tag);
  expect(await attemptsOf(duplicated)).toEqual([]);
});

const CLIENTS = 8;
/** Pause between two posts of a client: the load is steady, below the capacity of the machine. */
const PAUSE_MS = 40;
/** Longer than the balancer needs to detect a stopping process. */
const DRAIN = { SHUTDOWN_DELAY_MS: '1000' };
const PROBE_MS = 100;
const apis: GatewayProcess[] = [];
const workers: GatewayProcess[] = [];

/**
 * A load balancer in front of the api processes: round robin over live processes with keep-alive connections, and a
 * retry elsewhere when a connection is refused. Any other failure is a fault of the gateway.
 */
class Balancer {
  readonly faults: string[] = [];
  readonly accepted: string[] = [];
  private readonly agent = new http.Agent({ keepAlive: true });
  private up: string[] = [];
  private next = 0;
  private stopped = false;
  private readonly probing = this.probe();

  async post(tag: string): Promise<void> {
    for (;;) {
      const url = this.up[this.next++ % this.up.length];
      const answer = url === undefined ? 'ECONNREFUSED' : await this.request(url, tag);
      if (answer === 'ECONNREFUSED') await new Promise((resolve) => setTimeout(resolve, 10));
      else if (answer === 200) return void this.accepted.push(tag);
      else return void this.faults.push(`${tag}: ${answer}`);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.probing;
    this.agent.destroy();
  }

  private async probe(): Promise<void> {
    while (!this.stopped) {
      const urls = apis.map(({ url }) => url);
      const answers = await Promise.all(
        urls.map((url) =>
          fetch(`${url}/health/live`).then(
            async (answer) => (await answer.text(), answer.ok),
            () => false,
          ),
        ),
      );
      this.up = urls.filter((_, index) => answers[index]);
      await new Promise((resolve) => setTimeout(resolve, PROBE_MS));
    }
  }

  private request(url: string, tag: string): Promise<number | string> {
    return new Promise((resolve) => {
      const headers = { authorization: WEBHOOK_AUTH, 'content-type': 'application/json' };
      const request = http.request(`${url}/webhooks/cometchat/push`, {
        method: 'POST',
        headers,
        agent: this.agent,
      });
      request.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', (error) => resolve(error.message));
      });
      request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      request.end(JSON.stringify(push({ tag }, 'ann')));
    });
  }
}

/** The attempts of these messages. */
const attemptsOf = (tags: readonly string[]): Promise<object[]> =>
  rig.query(
    `SELECT n.content::json->'notificationDetails'->>'tag' AS tag, d.status, a.*
     FROM attempt a JOIN delivery d ON d.id = a.delivery_id JOIN notification n ON n.id = d.notification_id
     WHERE n.content::json->'notificationDetails'->>'tag' = ANY($1) ORDER BY tag, a.attempt`,
    tags,
  );
