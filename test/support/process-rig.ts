import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { stringify } from 'yaml';
import { DEMO } from '../../src/platform/config/demo-config.js';
import type { Stores } from './aged-stores.js';
import { startFcmServer, type FcmServer, type FcmServerOptions } from './fcm-server.js';
import { emptyRedis, OPERATOR_AUTH, WEBHOOK_AUTH, type NotificationJson } from './gateway.js';
import { push } from './payloads.js';
import { startPostgres } from './postgres.js';
import { buildProgram, temporaryDirectory } from './process.js';

const PATIENCE_MS = 45_000;

/** What processes of the built program share: stores, a configuration with one FCM, and somebody with a phone. */
export interface ProcessRig {
  readonly fcm: FcmServer;
  readonly stores: Stores;
  /** For `startProcess` and the like. @param preload a file of `test/support/preload` to load first. */
  env(role: string, preload?: string, more?: Readonly<Record<string, string>>): Record<string, string>;
  /** How often FCM took each message, by its tag. */
  received(): Map<string, number>;
  /** Deliveries by status and reason, such as `sent` or `queued set_aside`. */
  deliveries(): Promise<Record<string, number>>;
  query<Row extends object>(statement: string, ...values: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export interface ProcessRigOptions {
  readonly fcm?: FcmServerOptions;
  /** Deliveries that a worker sends at once. */
  readonly concurrency?: number;
  readonly requestTimeoutMs?: number;
}

export async function startProcessRig(options: ProcessRigOptions = {}): Promise<ProcessRig> {
  buildProgram();
  const fcm = await startFcmServer(options.fcm);
  const postgres = await startPostgres();
  const directory = await temporaryDirectory();
  const redisUrl = await emptyRedis();
  const { serviceAccount, url: endpoint, tokenUrl: tokenEndpoint, ca } = fcm;
  const provider = {
    id: 'fcm',
    type: 'fcm',
    serviceAccount,
    endpoint,
    tokenEndpoint,
    ca,
    requestTimeoutMs: options.requestTimeoutMs ?? 5_000,
  };
  const app = {
    appId: DEMO.appId,
    region: 'us',
    webhook: { basicAuth: [DEMO.webhook] },
    clients: { apiKeys: [DEMO.apiKey] },
    push: { providers: [provider] },
  };
  const delivery = { concurrency: options.concurrency ?? 500 };
  const file = path.join(directory.path, 'bellhop.yaml');
  await writeFile(file, stringify({ delivery, apps: [app] }));
  const pool = new pg.Pool({ connectionString: postgres.url, max: 2 });
  pool.on('error', () => undefined);
  const query = async <Row extends object>(
    statement: string,
    ...values: readonly unknown[]
  ): Promise<Row[]> => (await pool.query<Row>(statement, [...values])).rows;
  return {
    fcm,
    stores: { databaseUrl: postgres.url, redisUrl },
    env: (role, preload, more) => ({
      ROLE: role,
      BELLHOP_CONFIG: file,
      DATABASE_URL: postgres.url,
      ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }),
      ...(preload === undefined
        ? {}
        : { NODE_OPTIONS: `--import=${path.resolve('test/support/preload', preload)}` }),
      ...more,
    }),
    received: () => {
      const times = new Map<string, number>();
      for (const { data } of fcm.received as readonly { data?: { tag?: string } }[]) {
        times.set(data?.tag ?? '', (times.get(data?.tag ?? '') ?? 0) + 1);
      }
      return times;
    },
    deliveries: async () => {
      const rows = await query<{ state: string; count: number }>(
        `SELECT concat_ws(' ', status, reason) AS state, count(*)::int AS count FROM delivery GROUP BY 1`,
      );
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },
    query,
    close: async () => {
      await pool.end();
      await postgres.close();
      await fcm.close();
      await directory.remove();
    },
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

export async function registerPhone(url: string): Promise<void> {
  const answer = await fetch(`${url}/v1/users/ann/devices`, {
    method: 'POST',
    headers: { ...JSON_TYPE, apikey: DEMO.apiKey },
    body: JSON.stringify({ platform: 'fcm_android', fcmToken: 'phone-of-ann', providerId: 'fcm' }),
  });
  if (answer.status >= 300) throw new Error(`${answer.status}: ${await answer.text()}`);
}

/** Posts a chat message as CometChat does. @returns the notification's id. @throws Error where it is not accepted. */
export async function postPush(url: string, tag: string, body = 'Hello!'): Promise<string> {
  const answer = await fetch(`${url}/webhooks/cometchat/push`, {
    method: 'POST',
    headers: { ...JSON_TYPE, authorization: WEBHOOK_AUTH },
    body: JSON.stringify(push({ tag, body }, 'ann')),
  });
  if (answer.status !== 200) throw new Error(`${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { notificationId: string }).notificationId;
}

export async function notificationOf(
  url: string,
  id: string,
): Promise<NotificationJson & { reason?: string }> {
  const answer = await fetch(`${url}/v1/notifications/${id}`, { headers: { apikey: DEMO.apiKey } });
  return (await answer.json()) as NotificationJson;
}

/** Bull Board's button. @returns the status of its answer. */
export async function retryOnBoard(url: string, lane: string, jobId: string): Promise<number> {
  const answer = await fetch(`${url}/admin/queues/api/queues/${lane}/${jobId}/retry`, {
    method: 'PUT',
    headers: { authorization: OPERATOR_AUTH },
  });
  return answer.status;
}

/** The jobs of a lane that wait for an operator, as the metrics count them. */
export async function failedJobs(url: string, lane: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`bellhop_queue_jobs\\{lane="${lane}",state="failed"\\} (\\d+)`).exec(text)?.[1]);
}

/** Waits until it holds. @throws Error, with what `state` says, where it never does. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  state: () => unknown = () => '',
): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await holds());) {
    if (Date.now() > deadline) throw new Error(`It did not happen in time: ${JSON.stringify(await state())}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
