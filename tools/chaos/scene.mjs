import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { APP_ID } from '../stage/app.mjs';
import { now } from '../stage/clock.mjs';
import { createDatabase, fill, withClient } from '../stage/database.mjs';
import { writeGatewayConfig } from '../stage/gateway-config.mjs';
import { environment } from '../stage/gateway.mjs';
import { Vendor } from '../stage/vendor.mjs';
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
 * @typedef {object} SceneOptions
 * @property {number} [apis]
 * @property {number} [workers]
 * @property {boolean} [twoApps] each with a vendor of its own
 * @property {boolean} [overLines] the stores are reached through proxies that can delay or cut connections
 * @property {number} [requestTimeoutMs] timeout of calls to vendors
 * @property {(directory: string) => Promise<Setting>} [prepare] additional setup
 *
 * @typedef {object} Setting
 * @property {import('./redis-server.mjs').QueueStore} [queue] instead of a single Redis
 * @property {Record<string, string>} [env] of the gateway's processes
 * @property {() => Promise<void>} [close] undoes the setup
 */

export const APP_IDS = /** @type {const} */ ([APP_ID, 'app456']);
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
   * @param {import('./redis-server.mjs').QueueStore} cast.redis
   * @param {PostgresServer} cast.postgres
   * @param {string} cast.databaseUrl without a proxy
   * @param {{ redis: Proxy, postgres: Proxy } | undefined} cast.lines
   * @param {Service[]} cast.apis
   * @param {Service[]} cast.workers
   * @param {Vendor[]} cast.vendors
   * @param {Stream} cast.stream
   */
  constructor(cast) {
    this.directory = cast.directory;
    this.redis = cast.redis;
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
    return [...this.apis, ...this.workers];
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
      const pendingJobs = await this.redis.pending();
      const taken = await this.taken();
      const verdict = judge(webhooks, taken, await this.#ledgerOf(webhooks, taken));
      const isSettled = pendingJobs === 0 && verdict.lost.length === 0;
      if (isSettled || Date.now() > deadline) return { ...verdict, webhooks, taken, pendingJobs };
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
 * @param {SceneOptions} options
 * @param {(scene: Scene) => Promise<T>} play
 * @returns {Promise<T>}
 */
export async function withScene(options, play) {
  const { apis = 1, workers = 1, twoApps = false, overLines = false, requestTimeoutMs = 3_000 } = options;
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-chaos-'));
  /** @type {(() => Promise<unknown> | undefined)[]} cleanup steps, run in reverse order */
  const started = [];
  try {
    const setting = (await options.prepare?.(directory)) ?? {};
    started.push(() => setting.close?.());
    const redis = setting.queue ?? (await RedisServer.create(path.join(directory, 'redis')));
    started.push(() => redis.kill());
    const postgres = await PostgresServer.create(path.join(directory, 'postgres'));
    started.push(() => postgres.kill());
    await Promise.all([redis.start(), postgres.start()]);
    const databaseUrl = await createDatabase(postgres.url);
    const lines = overLines
      ? {
          redis: await Proxy.start(redis.env['REDIS_URL'] ?? ''),
          postgres: await Proxy.start(databaseUrl),
        }
      : undefined;
    started.push(async () => {
      lines?.redis.close();
      lines?.postgres.close();
    });
    /** @type {Vendor[]} */
    const vendors = [];
    started.push(() => Promise.all(vendors.map((vendor) => vendor.stop())));
    const stream = new Stream();
    started.push(() => stream.end());

    const apps = [];
    for (const appId of APP_IDS.slice(0, twoApps ? 2 : 1)) {
      const vendor = await Vendor.start();
      vendors.push(vendor);
      await fill(databaseUrl, { appId, people: PEOPLE, pastNotifications: 0 });
      // With two vendors by name, because `unknownHost` can make a name unresolvable.
      const vendorUrl = vendors.length === 1 ? vendor.url.replace('localhost', '127.0.0.1') : vendor.url;
      apps.push({ appId, vendorUrl, requestTimeoutMs });
    }
    const env = environment({
      BELLHOP_CONFIG: await writeGatewayConfig(directory, { apps, delivery: { concurrency: CONCURRENCY } }),
      ...redis.env,
      ...(lines ? { REDIS_URL: lines.redis.url } : {}),
      DATABASE_URL: lines?.postgres.url ?? databaseUrl,
      CHAOS_FAULTS: path.join(directory, 'faults.json'),
      ...setting.env,
    });
    /** @param {'api' | 'worker'} role @param {number} count */
    const serve = (role, count) =>
      Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const name = `${role}-${index}`;
          const home = path.join(directory, name);
          await mkdir(home);
          const own = { ...env, PORT: String(await freePort()), DATA_DIR: home };
          const flags = ['--import', INNER_FAULTS.href];
          const service = new Service({ name, role, directory, env: own, flags });
          started.push(() => service.kill());
          return service;
        }),
      );
    const cast = { directory, redis, postgres, databaseUrl, lines, vendors, stream };
    const scene = new Scene({
      ...cast,
      apis: await serve('api', apis),
      workers: await serve('worker', workers),
    });
    await Promise.all(scene.services.map((service) => service.start()));
    return await play(scene);
  } finally {
    for (let end = started.pop(); end; end = started.pop()) {
      // A failed step must not prevent the others.
      await end()?.catch((/** @type {unknown} */ error) => console.error(error));
    }
    if (process.env['CHAOS_KEEP'] === undefined) await rm(directory, { recursive: true, force: true });
    else console.error(`Logs: ${directory}`);
  }
}

/** @template T @param {readonly T[]} all @returns {T} */
function first(all) {
  const [one] = all;
  if (one === undefined) throw new Error('The scene has none.');
  return one;
}
