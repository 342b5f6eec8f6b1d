import { afterAll, beforeAll, expect, it } from '@jest/globals';
import http from 'node:http';
import { WEBHOOK_AUTH } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { startProcess, type GatewayProcess } from '../support/process.js';
import { registerPhone, startProcessRig, until, type ProcessRig } from '../support/process-rig.js';

const LONG_MS = 180_000;
const CLIENTS = 8;
/** Longer than the balancer needs to find out. */
const DRAIN = { SHUTDOWN_DELAY_MS: '1000' };
const PROBE_MS = 100;

let rig: ProcessRig;
const apis: GatewayProcess[] = [];
const workers: GatewayProcess[] = [];
beforeAll(async () => {
  rig = await startProcessRig();
  for (let n = 0; n < 2; n++) {
    apis.push(await startProcess(rig.env('api', undefined, DRAIN)));
    workers.push(await startProcess(rig.env('worker')));
  }
  await registerPhone(apis[0]?.url ?? '');
}, LONG_MS);
afterAll(async () => {
  await Promise.all([...apis, ...workers].map((running) => running.stop()));
  await rig.close();
});

/**
 * What stands before the processes: takes turns between those that call themselves ready, over connections that stay
 * open, and asks another where a connection is refused. Whatever else goes wrong with a request is the gateway's fault.
 */
class Balancer {
  readonly faults: string[] = [];
  readonly accepted: string[] = [];
  private readonly agent = new http.Agent({ keepAlive: true });
  private ready: string[] = [];
  private turn = 0;
  private stopped = false;
  private readonly probing = this.probe();

  async post(tag: string): Promise<void> {
    for (;;) {
      const url = this.ready[this.turn++ % this.ready.length];
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
      const up = await Promise.all(
        urls.map((url) =>
          fetch(`${url}/health/ready`).then(
            async (answer) => (await answer.text(), answer.ok),
            () => false,
          ),
        ),
      );
      this.ready = urls.filter((_, index) => up[index]);
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

it(
  'two api and two worker processes are exchanged one by one, and no webhook is refused or lost',
  async () => {
    const balancer = new Balancer();
    let restarted = false;
    const clients = Array.from({ length: CLIENTS }, async (_, client) => {
      for (let n = 0; !restarted; n++) await balancer.post(`${client}-${n}`);
    });
    try {
      for (const [role, running] of [
        ['api', apis],
        ['worker', workers],
      ] as const) {
        for (let index = 0; index < running.length; index++) {
          await until(() => balancer.accepted.length > 0);
          expect(await running[index]?.stop()).toBe(0);
          const next = await startProcess(rig.env(role, undefined, DRAIN));
          running.splice(index, 1, next);
          await until(async () => (await fetch(`${next.url}/health/ready`)).ok);
        }
      }
    } finally {
      restarted = true;
      await Promise.all(clients);
      await balancer.stop();
    }
    expect(balancer.faults).toEqual([]);
    expect(balancer.accepted.length).toBeGreaterThan(CLIENTS);
    await until(
      () => rig.received().size === balancer.accepted.length,
      () => rig.deliveries(),
    );
    // Everything ended in order: nothing had to be sent a second time.
    expect(new Set(rig.received().values())).toEqual(new Set([1]));
  },
  LONG_MS,
);
