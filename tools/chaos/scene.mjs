import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { APP_ID, OTHER_APP_ID } from '../stage/app.mjs';
import { now } from '../stage/clock.mjs';
import { createDatabase, fill, withClient } from '../stage/database.mjs';
import { writeGatewayConfig } from '../stage/gateway-config.mjs';
import { embeddedEnvironment, environment } from '../stage/gateway.mjs';
import { withPostgresQueues, withRedisQueues } from '../stage/queues.mjs';
import { Vendor } from '../stage/vendor.mjs';
import { EmbeddedServer } from './embedded-server.mjs';
import { pause } from './pause.mjs';
import { freePort } from './ports.mjs';
import { PostgresServer } from './postgres-server.mjs';
import { Proxy } from './proxy.mjs';
import { RedisServer } from './redis-server.mjs';
import { Service } from './service.mjs';
import { Stream } from './stream.mjs';
import { judge } from './verdict.mjs';

/**
 * @typedef {import('./verdict.mjs').Entry} Entry
 * @typedef {import('./verdict.mjs').Taken} Taken
 * @typedef {import('./verdict.mjs').Verdict} Verdict
 * @typedef {import('./stream.mjs').Webhook} Webhook
 *
 * @typedef {import('./scenario.mjs').Deployment} Deployment
 * @typedef {import('./redis-server.mjs').QueueStore} QueueStore
 *
 * A process or store that can be killed and started again.
 *
 * @typedef {{ kill(): Promise<void>, start(): Promise<void> }} Victim
 *
 * @typedef {object} SceneOptions
 * @property {number} [apis] processes, unless it is a single one
 * @property {number} [workers] processes, unless it is a single one
 * @property {boolean} [twoApps] each with a vendor of its own
 * @property {boolean} [overLines] with the queue on Redis, the stores are reached through proxies that can delay or cut connections
 * @property {number} [requestTimeoutMs] timeout of calls to vendors
 * @property {(directory: string) => Promise<Setting>} [prepare] additional setup
 *
 * @typedef {object} Setting
 * @property {QueueStore} [queue] instead of a single Redis
 * @property {Record<string, string>} [env] of the gateway's processes
 * @property {() => Promise<void>} [close] undoes the setup
 *
 * Cleanup steps, run in reverse order.
 *
 * @typedef {(() => Promise<unknown> | undefined)[]} Cleanup
 *
 * The input of a deployment.
 *
 * @typedef {object} Stage
 * @property {string} directory
 * @property {SceneOptions} options
 * @property {Setting} setting
 * @property {Record<string, string>} settings of every process
 * @property {Cleanup} started
 * @property {(service: { role: 'all' | 'api' | 'worker', index: number, env: Record<string, string> }) => Promise<Service>} serve
 * @property {string[]} appIds
 */

export const APP_IDS = /** @type {const} */ ([APP_ID, OTHER_APP_ID]);
const PEOPLE = 1_000;
/** Concurrent deliveries of a worker per queue. */
const CONCURRENCY = 50;
/** Queues whose messages may be sent twice; SMS never are. */
const PUSH_QUEUES = 2;
/** Maximum number of in-flight deliveries of a killed worker, whose outcome is unknown. */
export const IN_FLIGHT = CONCURRENCY * PUSH_QUEUES;
const SETTLES_WITHIN_MS = 150_000;
const LOOKS_EVERY_MS = 300;
const INNER_FAULTS = new URL('programs/inner-faults.mjs', import.meta.url);

/**
 * The processes of a scenario: the stores, the gateway's processes, CometChat and the vendors.
 */
export class Scene {
  /** @type {Taken} */
  #taken = new Map();
  /** @type {Webhook[]} */
  #webhooks = [];

  /**
   * @param {object} cast
   * @param {string} cast.directory
   * @param {Deployment} cast.deployment
   * @param {QueueStore} cast.queue
   * @param {Victim} cast.postgres the same, if the queue is on PostgreSQL
   * @param {string} cast.databaseUrl without a proxy
   * @param {{ redis: Proxy, postgres: Proxy } | undefined} cast.lines
   * @param {Service[]} cast.apis
   * @param {Service[]} cast.workers the same, if a single process has both roles
   * @param {Vendor[]} cast.vendors
   * @param {Stream} cast.stream
   */
  constructor(cast) {
    this.directory = cast.directory;
    this.deployment = cast.deployment;
    this.queue = cast.queue;
    this.postgres = cast.postgres;
    this.databaseUrl = cast.databaseUrl;
    this.lines = cast.lines;
    this.apis = cast.apis;
    this.workers = cast.workers;
    this.vendors = cast.vendors;
    this.stream = cast.stream;
  }

  get api() {
    return first(this.apis);
  }

  get worker() {
    return first(this.workers);
  }

  get services() {
    return [...new Set([...this.apis, ...this.workers])];
  }

  get stores() {
    return [...new Set([this.queue, this.postgres])];
  }

  /**
   * Opens the queues during `use`.
   *
   * @template T
   * @param {(queues: import('bullmq').Queue[]) => Promise<T>} use
   * @returns {Promise<T>}
   */
  withQueues(use) {
    return this.deployment === 'embedded'
      ? withPostgresQueues(this.databaseUrl, use)
      : withRedisQueues(this.queue.env['REDIS_URL'] ?? '', use);
  }

  /** Starts to post webhooks. @param {number} perSecond */
  post(perSecond) {
    const appIds = APP_IDS.slice(0, this.vendors.length);
    this.stream.start({ urls: this.apis.map(({ url }) => url), appIds, perSecond, people: PEOPLE });
  }

  /** Stops posting. @returns {Promise<Webhook[]>} all webhooks so far */
  async stopPosting() {
    this.#webhooks.push(...(await this.stream.stop()));
    return this.#webhooks;
  }

  /** @returns {Promise<Taken>} messages that the vendors have accepted so far */
  async taken() {
    for (const vendor of this.vendors) {
      const { events, at } = await vendor.taken();
      for (const [index, event] of events.entries())
        this.#taken.set(event, [...(this.#taken.get(event) ?? []), at[index] ?? now()]);
    }
    return this.#taken;
  }

  /** @param {import('./programs/inner-faults.mjs').InnerFaults} faults inside the gateway's processes from now on */
  async innerFaults(faults) {
    await writeFile(path.join(this.directory, 'faults.json'), JSON.stringify(faults));
    // The processes read the file ten times a second.
    await pause(300);
  }

  /** @template {object} R @param {string} sql @param {unknown[]} [values] @returns {Promise<R[]>} */
  query(sql, values = []) {
    return withClient(this.databaseUrl, async (client) => {
      const { rows } = await client.query(sql, values);
      return /** @type {R[]} */ (rows);
    });
  }

  /**
   * Stops posting, waits until every acknowledged event has settled, and judges the result.
   *
   * @returns {Promise<Verdict & { webhooks: Webhook[], taken: Taken, pendingJobs: number }>}
   */
  async settle() {
    const webhooks = await this.stopPosting();
    const deadline = Date.now() + SETTLES_WITHIN_MS;
    for (;;) {
      const isLate = Date.now() > deadline;
      try {
        const pendingJobs = await this.queue.pending();
        const taken = await this.taken();
        const verdict = judge(webhooks, taken, await this.#ledgerOf(webhooks, taken));
        const isSettled = pendingJobs === 0 && verdict.lost.length === 0;
        if (isSettled || isLate) return { ...verdict, webhooks, taken, pendingJobs };
      } catch (error) {
        // A store may still be starting.
        if (isLate) throw error;
      }
      await pause(LOOKS_EVERY_MS);
    }
  }

  /** @param {readonly Webhook[]} webhooks @param {Taken} taken */
  async #ledgerOf(webhooks, taken) {
    const missing = webhooks.filter(({ event, notificationId }) => notificationId && !taken.has(event));
    /** @type {Map<string, Entry[]>} */
    const ledger = new Map();
    if (missing.length === 0) return ledger;
    /** @type {(Entry & { id: string })[]} */
    const rows = await this.query(
      'SELECT notification_id AS id, status, reason FROM delivery WHERE notification_id = ANY($1::uuid[])',
      [missing.map(({ notificationId }) => notificationId)],
    );
    for (const { id, status, reason } of rows)
      ledger.set(id, [...(ledger.get(id) ?? []), { status, reason }]);
    return ledger;
  }
}

/**
 * Starts the processes of a scene, plays on it, and removes it.
 *
 * @template T
 * @param {Deployment} deployment
 * @param {SceneOptions} options
 * @param {(scene: Scene) => Promise<T>} play
 * @returns {Promise<T>}
 */
export async function withScene(deployment, options, play) {
  const { apis = 1, workers = 1, twoApps = false, requestTimeoutMs = 3_000 } = options;
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-chaos-'));
  /** @type {Cleanup} */
  const started = [];
  try {
    const setting = (await options.prepare?.(directory)) ?? {};
    started.push(() => setting.close?.());
    /** @type {Vendor[]} */
    const vendors = [];
    started.push(() => Promise.all(vendors.map((vendor) => vendor.stop())));
    const stream = new Stream();
    started.push(() => stream.end());
    const apps = [];
    for (const appId of APP_IDS.slice(0, twoApps ? 2 : 1)) {
      const vendor = await Vendor.start();
      vendors.push(vendor);
      // With two vendors by name, because `unknownHost` can make a name unresolvable.
      const vendorUrl = vendors.length === 1 ? vendor.url.replace('localhost', '127.0.0.1') : vendor.url;
      apps.push({ appId, vendorUrl, requestTimeoutMs });
    }
    const settings = {
      BELLHOP_CONFIG: await writeGatewayConfig(directory, { apps, delivery: { concurrency: CONCURRENCY } }),
      CHAOS_FAULTS: path.join(directory, 'faults.json'),
    };
    /** @param {{ role: 'all' | 'api' | 'worker', index: number, env: Record<string, string> }} options */
    const serve = async ({ role, index, env }) => {
      const name = `${role}-${index}`;
      const home = path.join(directory, name);
      await mkdir(home);
      const own = { ...env, DATA_DIR: home, PORT: String(await freePort()), ...setting.env };
      const service = new Service({
        name,
        role,
        directory,
        env: own,
        flags: ['--import', INNER_FAULTS.href],
      });
      started.push(() => service.kill());
      return service;
    };
    const stage = {
      directory,
      options,
      setting,
      settings,
      started,
      serve,
      appIds: apps.map(({ appId }) => appId),
    };
    const stores =
      deployment === 'embedded' ? await startEmbedded(stage) : await startSeparately(stage, apis, workers);
    return await play(new Scene({ directory, deployment, vendors, stream, ...stores }));
  } finally {
    for (let end = started.pop(); end; end = started.pop()) {
      // A failed step must not prevent the others.
      await end()?.catch((/** @type {unknown} */ error) => console.error(error));
    }
    if (process.env['CHAOS_KEEP'] === undefined) await rm(directory, { recursive: true, force: true });
    else console.error(`Logs: ${directory}`);
  }
}

/**
 * A single process, which starts its own PostgreSQL.
 *
 * @param {Stage} stage
 */
async function startEmbedded({ directory, setting, settings, started, serve, appIds }) {
  const dataDir = setting.env?.['DATA_DIR'] ?? path.join(directory, 'all-0');
  const postgres = new EmbeddedServer(dataDir);
  started.push(() => postgres.kill());
  const service = await serve({ role: 'all', index: 0, env: embeddedEnvironment(settings) });
  await service.start();
  for (const appId of appIds) await fill(postgres.url, { appId, people: PEOPLE, pastNotifications: 0 });
  const services = [service];
  return {
    queue: postgres,
    postgres,
    databaseUrl: postgres.url,
    lines: undefined,
    apis: services,
    workers: services,
  };
}

/**
 * A process per role, with the queue on Redis.
 *
 * @param {Stage} stage
 * @param {number} apis
 * @param {number} workers
 */
async function startSeparately(
  { directory, options, setting, settings, started, serve, appIds },
  apis,
  workers,
) {
  const queue = setting.queue ?? (await RedisServer.create(path.join(directory, 'redis')));
  started.push(() => queue.kill());
  const postgres = await PostgresServer.create(path.join(directory, 'postgres'));
  started.push(() => postgres.kill());
  await Promise.all([queue.start(), postgres.start()]);
  const databaseUrl = await createDatabase(postgres.url);
  const lines = options.overLines
    ? { redis: await Proxy.start(queue.env['REDIS_URL'] ?? ''), postgres: await Proxy.start(databaseUrl) }
    : undefined;
  started.push(async () => {
    lines?.redis.close();
    lines?.postgres.close();
  });
  for (const appId of appIds) await fill(databaseUrl, { appId, people: PEOPLE, pastNotifications: 0 });
  const env = environment({
    ...settings,
    ...queue.env,
    ...(lines ? { REDIS_URL: lines.redis.url } : {}),
    DATABASE_URL: lines?.postgres.url ?? databaseUrl,
  });
  const serveAll = (/** @type {'api' | 'worker'} */ role, /** @type {number} */ count) =>
    Promise.all(Array.from({ length: count }, (_, index) => serve({ role, index, env })));
  const services = { apis: await serveAll('api', apis), workers: await serveAll('worker', workers) };
  await Promise.all([...services.apis, ...services.workers].map((service) => service.start()));
  return { queue, postgres, databaseUrl, lines, ...services };
}

/** @template T @param {readonly T[]} all @returns {T} */
function first(all) {
  const [one] = all;
  if (one === undefined) throw new Error('The scene has none.');
  return one;
}
