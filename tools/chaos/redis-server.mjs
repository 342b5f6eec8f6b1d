import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { spawnRedis, untilReady } from '../../scripts/temporary-redis.mjs';
import { hasEnded } from '../stage/children.mjs';
import { pendingIn, withRedisQueues } from '../stage/queues.mjs';
import { freePort } from './ports.mjs';

/**
 * The store of the queue.
 *
 * @typedef {object} QueueStore
 * @property {Record<string, string>} env settings with which the gateway locates it
 * @property {() => Promise<void>} start
 * @property {() => Promise<void>} kill
 * @property {() => Promise<number>} pending unfinished jobs
 */

/** A Redis that can be killed and restarted on the same port and directory. @implements {QueueStore} */
export class RedisServer {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;

  /** @param {string} directory @param {number} port @param {Record<string, string | number>} settings */
  constructor(directory, port, settings) {
    this.directory = directory;
    this.port = port;
    this.settings = settings;
    this.url = `redis://127.0.0.1:${port}`;
    this.env = { REDIS_URL: this.url };
  }

  /** @param {string} directory @param {Record<string, string | number>} [settings] */
  static async create(directory, settings = {}) {
    await mkdir(directory, { recursive: true });
    return new RedisServer(directory, await freePort(), settings);
  }

  async start() {
    const { directory, port, settings } = this;
    this.#child = spawnRedis({ directory, port, settings });
    await untilReady(this.#child);
  }

  get isRunning() {
    return this.#child !== undefined && !hasEnded(this.#child);
  }

  async kill() {
    if (!this.#child || hasEnded(this.#child)) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  pending() {
    return withRedisQueues(this.url, pendingIn);
  }
}
