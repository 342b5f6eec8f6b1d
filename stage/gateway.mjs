import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withTemporaryRedis } from '../scripts/temporary-redis.mjs';
import { hasEnded, startNode, stop } from './children.mjs';
import { cpuSeconds } from './cpu.mjs';
import { createDatabase, dropDatabase, fill } from './database.mjs';
import { writeGatewayConfig } from './gateway-config.mjs';
import { Lanes } from './lanes.mjs';

/**
 * @typedef {object} GatewayOptions
 * @property {string} postgresUrl the server on which it gets a database of its own
 * @property {string} vendorUrl
 * @property {'everysec' | 'always'} [fsync] how often Redis writes its log to the disk
 * @property {number} [people] persons, each with one device
 * @property {number} [pastNotifications] that lie in its ledger already
 * @property {number} [concurrency] deliveries that a worker attempts at once
 */

const PEOPLE = 1_000;
/** As many as the bare loop that deliveries are compared with. */
export const CONCURRENCY = 500;
const LISTENS_WITHIN_MS = 30_000;
const PROGRAM = 'dist/main.js';

/** One process of the gateway, as it runs in production, its log in a file. */
class GatewayProcess {
  /** @param {import('node:child_process').ChildProcess} child @param {string} url */
  constructor(child, url) {
    this.child = child;
    this.url = url;
    this.pid = child.pid ?? 0;
  }

  stop() {
    return stop(this.child);
  }
}

/** A gateway on stores of its own: its queue, and its processes, of which one takes webhooks. */
export class Gateway {
  /** @type {GatewayProcess[]} */
  #processes = [];

  /**
   * @param {object} parts
   * @param {string} parts.directory
   * @param {Record<string, string>} parts.env
   * @param {Lanes} parts.lanes
   * @param {number} parts.people
   */
  constructor({ directory, env, lanes, people }) {
    this.directory = directory;
    this.env = env;
    this.lanes = lanes;
    this.people = people;
  }

  /** Where webhooks are taken. */
  get url() {
    return this.#processes[0]?.url ?? '';
  }

  /** @returns {number[]} its processes that are running, in the order of their start */
  get pids() {
    return this.#processes.filter(({ child }) => !hasEnded(child)).map(({ pid }) => pid);
  }

  /** @returns {number} processor time of all of its processes, in seconds */
  get cpuSeconds() {
    return this.pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  }

  /** @param {'api' | 'worker'} role @param {string[]} [flags] of Node */
  async start(role, flags = []) {
    const log = path.join(this.directory, `${role}-${this.#processes.length}.log`);
    const output = await open(log, 'a');
    const child = startNode([...flags, '--enable-source-maps', PROGRAM], {
      env: { ...this.env, ROLE: role },
      stdio: ['ignore', output.fd, output.fd],
    });
    await output.close();
    const gateway = new GatewayProcess(child, await listening(child, log));
    this.#processes.push(gateway);
    return gateway;
  }

  async stop() {
    await Promise.all(this.#processes.map((one) => one.stop()));
  }
}

/**
 * Runs a gateway with one process that takes webhooks, and no worker yet, for as long as `use` takes.
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
    const lanes = new Lanes(redisUrl);
    /** @type {Gateway | undefined} */
    let gateway;
    let databaseUrl = '';
    try {
      await lanes.redis.config('SET', 'appendfsync', fsync);
      databaseUrl = await createDatabase(postgresUrl);
      await fill(databaseUrl, { people, pastNotifications });
      const { vendorUrl, concurrency = CONCURRENCY } = options;
      const config = await writeGatewayConfig(directory, { vendorUrl, concurrency });
      const env = environment({ BELLHOP_CONFIG: config, REDIS_URL: redisUrl, DATABASE_URL: databaseUrl });
      gateway = new Gateway({ directory, env, lanes, people });
      await gateway.start('api');
      return await use(gateway);
    } finally {
      await gateway?.stop();
      await lanes.close();
      await rm(directory, { recursive: true, force: true });
      if (databaseUrl !== '') await dropDatabase(postgresUrl, databaseUrl);
    }
  });
}

/** @param {Record<string, string>} stores */
const environment = (stores) => ({
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  NODE_ENV: 'production',
  PORT: '0',
  ADMIN_USERNAME: 'operator',
  ADMIN_PASSWORD: 'operator-bench',
  ...stores,
});

/** @param {import('node:child_process').ChildProcess} child @param {string} log @returns {Promise<string>} its URL */
async function listening(child, log) {
  const deadline = Date.now() + LISTENS_WITHIN_MS;
  for (;;) {
    const written = await readFile(log, 'utf8');
    const url = /"url":"(http:[^"]+)"[^\n]*process\.listening/.exec(written)?.[1];
    if (url !== undefined) return url;
    if (hasEnded(child) || Date.now() > deadline) throw new Error(`It does not listen:\n${written}`);
    await sleep(20);
  }
}
