import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import '../../scripts/typescript/register.mjs';
import { freePort } from './ports.mjs';

const { startEmbeddedPostgres } = await import('../../src/platform/embedded/embedded-postgres.js');

const MAX_CONNECTIONS = 300;

/** A PostgreSQL that can be killed and restarted on the same port and directory. */
export class PostgresServer {
  /** @type {import('../../src/platform/embedded/embedded-postgres.js').EmbeddedPostgres | undefined} */
  #server;

  /** @param {string} directory @param {number} port */
  constructor(directory, port) {
    this.directory = directory;
    this.port = port;
    /** Set once it has started. */
    this.url = '';
  }

  /** @param {string} directory */
  static async create(directory) {
    return new PostgresServer(directory, await freePort());
  }

  async start() {
    this.#server = await startEmbeddedPostgres(this.directory, {
      maxConnections: MAX_CONNECTIONS,
      tcpPort: this.port,
    });
    this.url = this.#server.superuserUrl;
  }

  /** Kills the server and all its processes. They share memory: a new server starts only when none is left. */
  async kill() {
    if (!this.#server) return;
    const { pid } = this.#server;
    this.#server = undefined;
    const all = [pid, ...childrenOf(pid)];
    for (const one of all) kill(one);
    while (all.some(isAlive)) await sleep(10);
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
    // Ended meanwhile.
  }
}

/** @param {number} parent */
const childrenOf = (parent) =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statOf(Number(name))?.parent === parent)
    .map(Number);

/** @param {number} pid */
const isAlive = (pid) => (statOf(pid)?.state ?? 'Z') !== 'Z';

/** @param {number} pid @returns {{ state: string, parent: number } | undefined} undefined: no such process */
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
