import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { spawnRedis, untilReady } from '../scripts/temporary-redis.mjs';
import '../scripts/typescript/register.mjs';
import { hasEnded } from '../stage/children.mjs';
import { pause } from './pause.mjs';
import { freePort } from './ports.mjs';

const { embeddedUrl, startEmbeddedPostgres } = await import('../src/platform/embedded/embedded-postgres.js');

const MAX_CONNECTIONS = 300;

/** A Redis that comes back on its port and its directory. */
export class RedisServer {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;

  /** @param {string} directory @param {number} port @param {Record<string, string | number>} settings */
  constructor(directory, port, settings) {
    this.directory = directory;
    this.port = port;
    this.settings = settings;
    this.url = `redis://127.0.0.1:${port}`;
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

  kill() {
    return this.#end('SIGKILL');
  }

  stop() {
    return this.#end('SIGTERM');
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    if (!this.#child || hasEnded(this.#child)) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}

/** A PostgreSQL that comes back on its port and its directory. */
export class PostgresServer {
  /** @type {import('../src/platform/embedded/embedded-postgres.js').EmbeddedPostgres | undefined} */
  #server;

  /** @param {string} directory @param {number} port */
  constructor(directory, port) {
    this.directory = directory;
    this.port = port;
    this.url = embeddedUrl(port);
  }

  /** @param {string} directory */
  static async create(directory) {
    return new PostgresServer(directory, await freePort());
  }

  async start() {
    this.#server = await startEmbeddedPostgres(this.directory, MAX_CONNECTIONS, this.port);
  }

  /** Kills the server and all of its processes, which share memory: a new one starts when none of them is left. */
  async kill() {
    if (!this.#server) return;
    const { pid } = this.#server;
    this.#server = undefined;
    const all = [pid, ...childrenOf(pid)];
    for (const one of all) kill(one);
    while (all.some(isAlive)) await pause(10);
  }

  async stop() {
    await this.#server?.stop();
    this.#server = undefined;
  }
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** @param {number} parent */
const childrenOf = (parent) =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statOf(Number(name))?.parent === parent)
    .map(Number);

/** @param {number} pid */
const isAlive = (pid) => (statOf(pid)?.state ?? 'Z') !== 'Z';

/** @param {number} pid @returns {{ state: string, parent: number } | undefined} undefined: there is none */
function statOf(pid) {
  try {
    const [state = '', parent] = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
