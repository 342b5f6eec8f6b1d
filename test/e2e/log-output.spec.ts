import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { basic } from '../support/gateway.js';
import { payload } from '../support/payloads.js';
import { buildProgram, temporaryDirectory } from '../support/process.js';
import { freePorts } from '../support/redis-server.js';
import { until } from '../support/until.js';

const FULL_DISK = '/dev/full';
let gateway: ChildProcess;
let url = '';
let stderr = '';
let directory: { path: string; remove: () => Promise<void> };

beforeAll(buildProgram);
beforeEach(async () => (directory = await temporaryDirectory()));
afterEach(() => directory.remove());

/** Starts the built program with this standard output, which cannot tell its address. */
async function start(stdout: number | 'pipe'): Promise<void> {
  const [port] = await freePorts(1);
  url = `http://127.0.0.1:${port}`;
  stderr = '';
  const env = { PATH: process.env['PATH'], PORT: String(port), DATA_DIR: directory.path };
  gateway = spawn(process.execPath, ['dist/main.js'], { env, stdio: ['ignore', stdout, 'pipe'] });
  gateway.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await until(
    async () => (await fetch(`${url}/health/ready`).catch(() => undefined))?.status === 200,
    () => stderr,
  );
}

async function deliver(): Promise<void> {
  const authorization = basic(DEMO.webhook.username, DEMO.webhook.password);
  const answer = await fetch(`${url}/webhooks/cometchat/push`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ ...payload('push-chat'), appId: DEMO.appId }),
  });
  expect(answer.status).toBe(200);
  const { notificationId } = (await answer.json()) as { notificationId: string };
  await until(async () => {
    const found = await fetch(`${url}/v1/notifications/${notificationId}`, {
      headers: { apikey: DEMO.apiKey },
    });
    return ((await found.json()) as { status: string }).status !== 'queued';
  });
}

/** @returns the exit code. */
async function stop(): Promise<number | null> {
  const exited = new Promise<number | null>((resolve) => gateway.once('exit', (code) => resolve(code)));
  gateway.kill('SIGTERM');
  return exited;
}

(existsSync(FULL_DISK) ? describe : describe.skip)('a gateway whose log is on a full disk', () => {
  it('starts, delivers and stops, and says so once', async () => {
    const full = openSync(FULL_DISK, 'w');
    await start(full);
    closeSync(full);
    await deliver();
    expect(await stop()).toBe(0);
    expect(stderr.match(/cannot write its log to standard output: ENOSPC/g)).toHaveLength(1);
  });
});

describe('a gateway whose log has lost its reader', () => {
  it('delivers and stops', async () => {
    await start('pipe');
    gateway.stdout?.destroy();
    await deliver();
    expect(await stop()).toBe(0);
    expect(stderr.match(/cannot write its log to standard output: EPIPE/g)).toHaveLength(1);
  });
});
