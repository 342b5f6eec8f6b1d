import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { stringify } from 'yaml';
import { DEMO } from '../../src/platform/config/demo-config.js';
import type { Stores } from './aged-stores.js';
import { startFcmServer, type FcmServer, type FcmServerOptions } from './fcm-server.js';
import { emptyRedis, OPERATOR_AUTH } from './gateway.js';
import { startPostgres } from './postgres.js';
import { buildProgram, temporaryDirectory } from './process.js';
import { registerAndroid } from './process-api.js';

/** Shared setup for processes of the built program: stores, a configuration with one FCM, and a user with a phone. */
export interface ProcessRig {
  readonly fcm: FcmServer;
  readonly stores: Stores;
  /** Environment for `startProcess` and `spawnProgram`. @param preload a file of `test/support/preload`. */
  env(role: string, preload?: string, more?: Readonly<Record<string, string>>): Record<string, string>;
  /** Number of times that FCM accepted each message, by tag. */
  received(): Map<string, number>;
  /** Number of deliveries by reason, or by status if they have none. */
  deliveries(): Promise<Record<string, number>>;
  query<Row extends object>(statement: string, ...values: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export interface ProcessRigOptions {
  readonly fcm?: FcmServerOptions;
  /** Deliveries that a worker sends concurrently. */
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
  // A check of the account would be a request, too.
  const checks = { everyHours: 0 };
  const file = path.join(directory.path, 'bellhop.yaml');
  await writeFile(file, stringify({ delivery, checks, apps: [app] }));
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
        `SELECT coalesce(reason, status) AS state, count(*)::int AS count FROM delivery GROUP BY 1`,
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

export const registerPhone = (url: string): Promise<void> =>
  registerAndroid(url, 'ann', { fcmToken: 'phone-of-ann', providerId: 'fcm' });

/** Retries a job as the button of Bull Board does. @returns the status of the answer. */
export async function retryOnBoard(url: string, queueName: string, jobId: string): Promise<number> {
  const answer = await fetch(`${url}/admin/queues/api/queues/${queueName}/${jobId}/retry`, {
    method: 'PUT',
    headers: { authorization: OPERATOR_AUTH, 'content-type': 'application/json' },
  });
  return answer.status;
}

/** Number of dead-lettered jobs of a queue, by the metrics. */
export async function failedJobs(url: string, queueName: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(
    new RegExp(`bellhop_queue_jobs\\{queue="${queueName}",state="failed"\\} (\\d+)`).exec(text)?.[1],
  );
}
