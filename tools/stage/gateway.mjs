import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { withTemporaryRedis } from '../../scripts/temporary-redis.mjs';
import { APP_ID, OPERATOR } from './app.mjs';
import { treeCpuSeconds } from './cpu.mjs';
import { createDatabase, dropDatabase, fill } from './database.mjs';
import { writeGatewayConfig } from './gateway-config.mjs';
import { GatewayProcess } from './gateway-process.mjs';
import { Queues } from './queues.mjs';

/**
 * @typedef {object} GatewayOptions
 * @property {string} postgresUrl the server on which its database is created
 * @property {string} vendorUrl of the only app
 * @property {readonly import('./gateway-config.mjs').AppOfStage[]} [apps] instead of it
 * @property {'everysec' | 'always'} [fsync] `appendfsync` of Redis
 * @property {number} [people] users, each with one device
 * @property {number} [pastNotifications] already in its ledger
 * @property {number} [concurrency] concurrent deliveries per worker
 * @property {Record<string, string>} [settings] of its processes, in addition
 */

const PEOPLE = 1_000;
/** Same as that of the bare loop to which deliveries are compared. */
export const CONCURRENCY = 500;

/** A gateway with its own stores. Its first process accepts webhooks. */
export class Gateway {
  /** @type {GatewayProcess[]} */
  #processes = [];

  /**
   * @param {object} parts
   * @param {string} parts.directory
   * @param {Record<string, string>} parts.env
   * @param {Queues} parts.queues
   * @param {number} parts.people
   */
  constructor({ directory, env, queues, people }) {
    this.directory = directory;
    this.env = env;
    this.queues = queues;
    this.people = people;
  }

  /** The URL that accepts webhooks. */
  get url() {
    return this.#processes[0]?.url ?? '';
  }

  /** @returns {number[]} running processes in start order */
  get pids() {
    return this.#processes.filter(({ isRunning }) => isRunning).map(({ pid }) => pid);
  }

  /** @returns {number} CPU time of all its processes and of those that they start, in seconds */
  get cpuSeconds() {
    return this.pids.reduce((sum, pid) => sum + treeCpuSeconds(pid), 0);
  }

  /** @param {'api' | 'worker'} role @param {string[]} [flags] of Node.js */
  async start(role, flags = []) {
    const { directory, env } = this;
    const name = `${role}-${this.#processes.length}`;
    const gateway = new GatewayProcess({ name, role, directory, env, flags });
    this.#processes.push(gateway);
    await gateway.start();
    return gateway;
  }

  async stop() {
    await Promise.all(this.#processes.map((one) => one.stop()));
  }
}

/**
 * Runs a gateway during `use`, with one `api` process and no worker.
 *
 * @template T
 * @param {GatewayOptions} options
 * @param {(gateway: Gateway) => Promise<T>} use
 * @returns {Promise<T>}
 */
export function withGateway(options, use) {
  const { postgresUrl, fsync = 'everysec', people = PEOPLE, pastNotifications = 0 } = options;
  return withTemporaryRedis(async (redisUrl) => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-bench-'));
    const queues = new Queues(redisUrl);
    /** @type {Gateway | undefined} */
    let gateway;
    let databaseUrl = '';
    try {
      await queues.redis.config('SET', 'appendfsync', fsync);
      databaseUrl = await createDatabase(postgresUrl);
      const { vendorUrl, apps = [{ appId: APP_ID, vendorUrl }], concurrency = CONCURRENCY } = options;
      for (const { appId } of apps) await fill(databaseUrl, { appId, people, pastNotifications });
      const config = await writeGatewayConfig(directory, { apps, delivery: { concurrency } });
      const env = environment({
        BELLHOP_CONFIG: config,
        REDIS_URL: redisUrl,
        DATABASE_URL: databaseUrl,
        ...options.settings,
      });
      gateway = new Gateway({ directory, env, queues, people });
      await gateway.start('api');
      return await use(gateway);
    } finally {
      await gateway?.stop();
      await queues.close();
      await rm(directory, { recursive: true, force: true });
      if (databaseUrl !== '') await dropDatabase(postgresUrl, databaseUrl);
    }
  });
}

/** @param {Record<string, string>} settings in addition to those of every process @returns {Record<string, string>} */
export const environment = (settings) => embeddedEnvironment({ NODE_ENV: 'production', ...settings });

/**
 * The same outside production, where a process without `DATABASE_URL` starts its own PostgreSQL.
 *
 * @param {Record<string, string>} settings
 * @returns {Record<string, string>}
 */
export const embeddedEnvironment = (settings) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  PORT: '0',
  ADMIN_USERNAME: OPERATOR.username,
  ADMIN_PASSWORD: OPERATOR.password,
  ...settings,
});
