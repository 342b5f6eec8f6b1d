import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';

describe('npm run simulate', () => {
  it('registers the recipients, posts every documented payload and waits for the deliveries', async () => {
    const { requests, output, code } = await simulate([]);

    expect(code).toBe(0);
    expect(output).toMatch(/^notifications settled +16 of 16$/m);
    expect(webhooks(requests)).toHaveLength(16);
    expect(webhooks(requests)[0]?.headers.authorization).toBe(`Basic ${btoa('cometchat:webhook-demo')}`);
    const devices = requests.filter(({ route }) => route.endsWith('/devices'));
    expect(devices.map(({ route }) => route).toSorted()).toEqual([
      'POST /v1/users/cometchat-uid-1/devices',
      'POST /v1/users/cometchat-uid-2/devices',
      'POST /v1/users/g-messages-none/devices',
    ]);
    expect(devices[0]?.headers['apikey']).toBe('backend-demo-key');
  });

  it('simulates a conversation', async () => {
    const { requests, output, code } = await simulate(['--group', '7', '--messages', '5', '--no-register']);

    expect(code).toBe(0);
    expect(output).toMatch(/^webhooks posted +35$/m);
    expect(webhooks(requests)).toHaveLength(35);
    expect(requests.some(({ route }) => route.includes('/devices'))).toBe(false);
  });

  it('reports a refused webhook and exits with 1', async () => {
    const { output, code } = await simulate(['--no-register'], {
      webhookStatus: (n) => (n === 3 ? 503 : 200),
    });
    expect(code).toBe(1);
    expect(output).toMatch(/^ {2}refused: 503 NO +1$/m);
  });

  it('exits with 1 if a delivery is still queued at the time limit', async () => {
    const { output, code } = await simulate(['--no-register', '--timeout', '0'], { settles: false });
    expect(code).toBe(1);
    expect(output).toMatch(/^ {2}still queued +16$/m);
  });

  it('reports that no gateway is running and exits with 1', async () => {
    const { errors, code } = await simulate(['--url', 'http://127.0.0.1:9']);
    expect(code).toBe(1);
    expect(errors).toContain('Is the gateway running there?');
  });
});

interface Request {
  readonly route: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Stub {
  /** Status of the nth webhook, counted from 0. */
  readonly webhookStatus?: (n: number) => number;
  readonly settles?: boolean;
}

/** Runs the simulator against a fake gateway. */
async function simulate(args: readonly string[], { webhookStatus = () => 200, settles = true }: Stub = {}) {
  const requests: Request[] = [];
  let accepted = 0;
  let posted = 0;
  const notification = (n: number) => ({
    id: `n${n}`,
    status: settles ? 'sent' : 'queued',
    receivedAt: '2026-01-02T03:04:05.000Z',
    settledAt: settles ? '2026-01-02T03:04:05.050Z' : null,
    deliveries: [{ status: settles ? 'sent' : 'queued', reason: null }],
  });
  const answerTo = (route: string): [number, unknown] => {
    if (route.startsWith('POST /webhooks/')) {
      const status = webhookStatus(posted++);
      return [
        status,
        status === 200 ? { notificationId: `n${accepted++}`, duplicate: false } : { code: 'NO' },
      ];
    }
    if (route.startsWith('GET /v1/notifications/'))
      return [200, notification(Number(route.split('/n').at(-1)))];
    if (route.startsWith('GET /v1/notifications?')) {
      return [200, { data: Array.from({ length: accepted }, (_, n) => notification(n)), nextCursor: null }];
    }
    return [201, {}];
  };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const route = `${request.method} ${request.url}`;
      requests.push({ route, headers: request.headers, body });
      const [status, answer] = answerTo(route);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, [
    'tools/simulator/simulate.mjs',
    '--url',
    `http://127.0.0.1:${port}`,
    ...args,
  ]);
  const [output, errors, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { requests, output, errors, code };
}

const webhooks = (requests: readonly Request[]) =>
  requests.filter(({ route }) => route.startsWith('POST /webhooks/'));
