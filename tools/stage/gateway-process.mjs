import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { goOn, hasEnded, startNode, stop } from './children.mjs';

const LISTENS_WITHIN_MS = 60_000;
/** As in `npm start`. */
const FLAGS = ['--enable-source-maps', '--max-semi-space-size=64'];
const PROGRAM = 'dist/main.js';

/**
 * @typedef {object} GatewayProcessOptions
 * @property {string} name
 * @property {'all' | 'api' | 'worker'} role
 * @property {string} directory of its logs, one file per start
 * @property {Record<string, string>} env
 * @property {string[]} [flags] of Node.js
 */

/** One process of the gateway, run as in production, with its log in a file. */
export class GatewayProcess {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  #starts = 0;
  /** Set once it has started. */
  url = '';

  /** @param {GatewayProcessOptions} options */
  constructor({ name, role, directory, env, flags = [] }) {
    this.name = name;
    this.role = role;
    this.directory = directory;
    this.env = { ...env, ROLE: role };
    this.flags = flags;
  }

  get pid() {
    return this.#child?.pid ?? 0;
  }

  /** Null while it runs and after it was killed. */
  get exitCode() {
    return this.#child?.exitCode ?? null;
  }

  get isRunning() {
    return this.#child !== undefined && !hasEnded(this.#child);
  }

  /** @throws {Error} with its log, if it ends or does not listen in time */
  async start() {
    const log = path.join(this.directory, `${this.name}-${this.#starts++}.log`);
    const output = await open(log, 'a');
    const args = [...this.flags, ...FLAGS, PROGRAM];
    this.#child = startNode(args, { env: this.env, stdio: ['ignore', output.fd, output.fd] });
    await output.close();
    this.url = await listening(this.#child, log);
  }

  /** @returns {Promise<void>} resolves when it has ended */
  async ended() {
    if (this.#child && !hasEnded(this.#child)) await once(this.#child, 'exit');
  }

  /** @param {NodeJS.Signals} signal */
  signal(signal) {
    this.#child?.kill(signal);
  }

  async kill() {
    this.signal('SIGKILL');
    await this.ended();
  }

  async stop() {
    if (this.#child) await stop(this.#child);
  }
}

/** @param {import('node:child_process').ChildProcess} child @param {string} log @returns {Promise<string>} its URL */
async function listening(child, log) {
  const deadline = Date.now() + LISTENS_WITHIN_MS;
  for (;;) {
    goOn();
    const written = await readFile(log, 'utf8');
    const url = /"url":"(http:[^"]+)"[^\n]*process\.listening/.exec(written)?.[1];
    if (url !== undefined) return url;
    if (hasEnded(child) || Date.now() > deadline) throw new Error(`The gateway does not listen:\n${written}`);
    await sleep(20);
  }
}
