import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedDatabase } from '../stage/embedded-database.mjs';
import { withClient } from '../stage/database.mjs';
import { childrenOf, killAll } from '../stage/os-processes.mjs';
import { pendingIn, withPostgresQueues } from '../stage/queues.mjs';
import { pause } from './pause.mjs';

/** @typedef {import('./redis-server.mjs').QueueStore} QueueStore */

/** A syntax error in the settings, which prevents the start of PostgreSQL. */
const FAULT = 'killed by the chaos suite\n';
/** Longer than the longest pause of the gateway between two attempts to restart its PostgreSQL. */
const UP_WITHIN_MS = 60_000;

/**
 * The PostgreSQL that the gateway starts and restarts. A killed one stays down until `start`, whatever the gateway
 * attempts.
 *
 * @implements {QueueStore}
 */
export class EmbeddedServer {
  /** @type {Record<string, string>} */
  env = {};

  /** @param {string} dataDir `DATA_DIR` of the gateway's process */
  constructor(dataDir) {
    this.database = new EmbeddedDatabase(dataDir);
    this.settings = path.join(this.database.directory, 'postgresql.auto.conf');
  }

  get url() {
    return this.database.url;
  }

  /** Waits until the gateway has started it. @throws {Error} after a timeout */
  async start() {
    if (existsSync(this.settings)) {
      const settings = await readFile(this.settings, 'utf8');
      await writeFile(this.settings, settings.replace(FAULT, ''));
    }
    const deadline = Date.now() + UP_WITHIN_MS;
    while (!(await this.#isUp())) {
      if (Date.now() > deadline) throw new Error('The gateway has not restarted its PostgreSQL.');
      await pause(100);
    }
  }

  /** Kills the server and all its processes. */
  async kill() {
    if (existsSync(this.settings)) await writeFile(this.settings, FAULT, { flag: 'a' });
    // Another one may be starting.
    for (let { pid } = this.database; pid !== undefined; { pid } = this.database)
      await killAll([pid, ...childrenOf(pid)]);
  }

  pending() {
    return withPostgresQueues(this.url, pendingIn);
  }

  #isUp() {
    return withClient(this.url, (client) => client.query('SELECT 1')).then(
      () => true,
      () => false,
    );
  }
}
