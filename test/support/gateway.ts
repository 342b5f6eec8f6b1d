import { pino } from 'pino';
import type { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { startGateway, type Gateway } from '../../src/bootstrap.js';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { parseGatewayConfig } from '../../src/platform/config/load-gateway-config.js';
import { PROVIDER_TYPES } from '../../src/providers/provider-types.js';
import {
  DEMO_ADMIN,
  readProcessSettings,
  type ProcessSettings,
} from '../../src/platform/config/process-settings.js';
import { JobQueue } from '../../src/queue/job-queue.js';
import type { QueueName } from '../../src/queue/jobs.js';
import { startPostgres, type TestPostgres } from './postgres.js';
import { temporaryDirectory } from './process.js';
import { until } from './until.js';

export interface TestGatewayOptions {
  /** Merged over the demo configuration at the top level. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly settings?: Partial<ProcessSettings>;
  /** Environment variables of the queue's store, for a test with its own Redis. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the gateway reports that it uses the built-in demo configuration. */
  readonly demo?: boolean;
  /** A database shared with another gateway; default: a new one. */
  readonly postgres?: TestPostgres;
  /** Keeps the contents of Redis, for a test with several gateways. */
  readonly keepRedis?: boolean;
  /** Receives log lines; default: nowhere. A statement that PostgreSQL refuses fails `close`. */
  readonly log?: (line: string) => void;
}

/** A whole gateway on real stores, with shortcuts for its API. */
export interface TestGateway {
  readonly url: string;
  /** Base URL of `/health`, `/metrics` and `/docs`; the same as `url` unless `settings.ops` is set. */
  readonly opsUrl: string;
  readonly databaseUrl: string;
  request(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** All routes with their methods, one a line. */
  printRoutes(): string;
  /** Posts a webhook as CometChat does, by default with the demo app's credentials. */
  webhook(
    channel: 'push' | 'sms',
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<LightMyRequestResponse>;
  /** Sends a request as the demo app's backend. */
  backend(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    body?: object,
  ): Promise<LightMyRequestResponse>;
  /** Waits until `holds` accepts the notification; by default until it is settled. */
  notification(
    id: string,
    holds?: (record: NotificationJson) => boolean,
    apiKey?: string,
  ): Promise<NotificationJson>;
  /** Waits until all are settled. Reads them one after another, because concurrent reads would slow the gateway down. */
  notifications(ids: readonly string[]): Promise<NotificationJson[]>;
  sandboxMessages(): Promise<SandboxJson[]>;
  /** BullMQ's queue of a name, to add jobs as another release would. */
  queue(queueName: QueueName): Queue;
  close(): Promise<void>;
}

export interface AttemptJson {
  attempt: number;
  provider: string;
  outcome: string;
  vendorCode: string | null;
  vendorMessageId: string | null;
  vendorText: string | null;
  httpStatus: number | null;
  vendorTraceId: string | null;
  startedAt: string;
  durationMs: number;
  receipt: { status: string; vendorCode: string | null; at: string | null } | null;
  possibleDouble?: true;
}

export interface DeliveryJson {
  id: string;
  provider: string | null;
  kind: string | null;
  deviceId: string | null;
  address: string | null;
  status: string;
  reason: string | null;
  sms?: {
    encoding: string | null;
    segments: number | null;
    country: string | null;
    cost: { amount: string; currency: string } | null;
  };
  wouldSend?: unknown;
  attempts: AttemptJson[];
}

export interface NotificationJson {
  id: string;
  appId: string;
  channel: string;
  kind: string;
  uid: string;
  status: string;
  receivedAt: string;
  settledAt: string | null;
  source: string | null;
  originId: string | null;
  deliveries: DeliveryJson[];
}

export interface DetailsJson {
  cause: string | null;
  fix: string | null;
  link: string | null;
}

export interface StoryJson extends NotificationJson {
  tag: string | null;
  call: {
    sessionId: string;
    action: string | null;
    state: string;
    endedBy: string | null;
    endedAt: string | null;
  } | null;
  repeats: { id: string; source: string | null; status: string; receivedAt: string }[];
  duplicates: { count: number; lastAt: string } | null;
  timeline: {
    at: string;
    event: string;
    deliveryId: string | null;
    text: string;
    data: object;
    explanation: DetailsJson | null;
  }[];
  explanation: DetailsJson & { summary: string };
}

export interface SandboxJson {
  at: string;
  appId: string;
  uid: string;
  channel: string;
  kind: string;
  provider: string;
  to: string;
  outcome: string;
  message: { data?: Record<string, string>; text?: string } & Record<string, unknown>;
}

export const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
export const WEBHOOK_AUTH = basic(DEMO.webhook.username, DEMO.webhook.password);
export const OPERATOR_AUTH = basic(DEMO_ADMIN.username, DEMO_ADMIN.password);

/**
 * Short retry delays, so that tests do not wait after a vendor has recovered; no checks of accounts at start, which would
 * get the answers that a test arranges for its messages.
 */
const QUICK = { delivery: { backoffMs: 20, maxBackoffMs: 200 }, checks: { everyHours: 0 } };

/** The SQLSTATE of a statement that PostgreSQL rejected or aborted: a bug even if the job succeeded later. */
const STATEMENT_FAULT = /"code":"(?:22|40|42)[0-9A-Z]{3}"/;

/** Starts a gateway in this process, on the Redis of `TEST_REDIS_URL` if set, else on PostgreSQL alone. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const postgres = options.postgres ?? (await startPostgres());
  const redisUrl = await (options.keepRedis || options.env ? redisOfWorker() : emptyRedis());
  openGateways += 1;
  const tree = { ...DEMO_CONFIG, ...QUICK, ...options.config };
  const { config, faults } = parseGatewayConfig(tree, '.', {}, PROVIDER_TYPES);
  if (faults.length > 0) throw new Error(`Invalid test configuration: ${JSON.stringify(faults)}`);
  const dataDir = await temporaryDirectory();
  const { settings, reading } = readProcessSettings({
    PORT: '0',
    DATABASE_URL: postgres.url,
    REDIS_URL: redisUrl,
    ...options.env,
    DATA_DIR: dataDir.path,
  });
  const statementFaults: string[] = [];
  const write = (line: string): void => {
    if (STATEMENT_FAULT.test(line)) statementFaults.push(line);
    options.log?.(line);
  };
  const gateway = await startGateway({
    settings: { ...settings, ...options.settings },
    config,
    origins: { reading, tree },
    demo: options.demo ?? false,
    logger: pino({ level: options.log ? 'debug' : 'warn' }, { write }),
  });
  return wrap(gateway, postgres.url, async () => {
    await gateway.close();
    openGateways -= 1;
    await dataDir.remove();
    if (options.postgres === undefined) await postgres.close();
    if (statementFaults.length > 0)
      throw new Error(`PostgreSQL refused statements: ${statementFaults.join('')}`);
  });
}

/** The answer of `GET /v1/notifications/{id}`. */
export interface RecordAnswer {
  readonly status: number;
  readonly body: string;
}

/** The record in an answer. @throws Error with the answer unless its status is 200. */
export function recordIn({ status, body }: RecordAnswer): NotificationJson {
  if (status !== 200) throw new Error(`${status}: ${body}`);
  return JSON.parse(body) as NotificationJson;
}

/** Polls a record until `holds` accepts it; by default until it is settled. Only answers with status 200 count. */
export async function untilRecord(
  ask: () => Promise<RecordAnswer>,
  holds: (record: NotificationJson) => boolean = ({ settledAt }) => settledAt !== null,
): Promise<NotificationJson> {
  let answer: RecordAnswer | undefined;
  return until(
    async () => {
      answer = await ask();
      const record = answer.status === 200 && recordIn(answer);
      return record && holds(record) && record;
    },
    () => answer,
  );
}

function wrap(gateway: Gateway, databaseUrl: string, close: () => Promise<void>): TestGateway {
  const request = (options: InjectOptions): Promise<LightMyRequestResponse> => gateway.app.inject(options);
  const backend: TestGateway['backend'] = (method, url, payload) =>
    request({ method, url, headers: { apikey: DEMO.apiKey }, ...(payload ? { payload } : {}) });
  const notification: TestGateway['notification'] = (id, holds, apikey = DEMO.apiKey) =>
    untilRecord(async () => {
      const answer = await request({ method: 'GET', url: `/v1/notifications/${id}`, headers: { apikey } });
      return { status: answer.statusCode, body: answer.body };
    }, holds);
  return {
    url: gateway.url,
    opsUrl: gateway.opsUrl,
    databaseUrl,
    request,
    printRoutes: () => gateway.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }),
    backend,
    webhook: (channel, body, headers = {}) =>
      request({
        method: 'POST',
        url: `/webhooks/cometchat/${channel}`,
        headers: { authorization: WEBHOOK_AUTH, 'content-type': 'application/json', ...headers },
        payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
      }),
    notification,
    notifications: async (ids) => {
      const records: NotificationJson[] = [];
      for (const id of ids) records.push(await notification(id));
      return records;
    },
    sandboxMessages: async () => {
      const headers = { authorization: OPERATOR_AUTH };
      const answer = await request({ method: 'GET', url: '/sandbox/messages?limit=10000', headers });
      return answer.json<{ data: SandboxJson[] }>().data;
    },
    queue: (queueName) => {
      const found = gateway.app.get(JobQueue).all();
      const { queue } = found.find((each) => each.queueName === queueName) ?? {};
      if (!queue) throw new Error(`There is no queue ${queueName}.`);
      return queue;
    },
    close,
  };
}

/** Each Jest worker has its own database on the shared Redis. */
export function redisOfWorker(): string | undefined {
  const shared = process.env['TEST_REDIS_URL'];
  if (!shared) return undefined;
  const url = new URL(shared);
  url.pathname = `/${process.env['JEST_WORKER_ID'] ?? '0'}`;
  return url.href;
}

/** Number of running gateways in this spec file; on one Redis they would process each other's jobs. */
let openGateways = 0;

/** Empties Redis. @throws Error while a gateway is running on it, as it would process the next one's jobs. */
export async function emptyRedis(): Promise<string | undefined> {
  const url = redisOfWorker();
  if (url === undefined) return undefined;
  if (openGateways > 0) throw new Error('Another gateway is running on this Redis.');
  const redis = new Redis(url);
  await redis.flushdb();
  await redis.quit();
  return url;
}

/** Posts a push webhook until it is accepted, while the store is down or recovering. */
export async function postUntilTaken(
  gateway: TestGateway,
  event: object,
): Promise<{ notificationId: string; duplicate: boolean }> {
  let body = '';
  return until(
    async () => {
      const answer = await gateway.webhook('push', event);
      ({ body } = answer);
      return answer.statusCode === 200 && answer.json<{ notificationId: string; duplicate: boolean }>();
    },
    () => body,
  );
}
