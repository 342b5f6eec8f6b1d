import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { APP_ID } from './app.mjs';
import { cpuSeconds, serverCpuSeconds } from './cpu.mjs';
import { fill } from './database.mjs';
import { EmbeddedDatabase } from './embedded-database.mjs';
import { writeGatewayConfig } from './gateway-config.mjs';
import { embeddedEnvironment } from './gateway.mjs';
import { GatewayProcess } from './gateway-process.mjs';
import { childrenOf, killAll } from './os-processes.mjs';
import { PostgresQueues } from './queues.mjs';

const PEOPLE = 1_000;

/** The gateway as `npm start` runs it: one process that starts its own PostgreSQL, with the queue on that. */
export class EmbeddedGateway {
  people = PEOPLE;

  /** @param {GatewayProcess} process @param {EmbeddedDatabase} database */
  constructor(process, database) {
    this.process = process;
    this.database = database;
    this.queues = new PostgresQueues(() => database.url);
  }

  get url() {
    return this.process.url;
  }

  /** @returns {number} CPU time of the process, in seconds */
  get cpuSeconds() {
    return cpuSeconds(this.process.pid);
  }

  /** @returns {number} CPU time of its PostgreSQL, in seconds */
  get postgresCpuSeconds() {
    return serverCpuSeconds(this.database.pid ?? 0);
  }
}

/**
 * Runs the embedded default during `use`, with all settings at their defaults.
 *
 * @template T
 * @param {string} vendorUrl
 * @param {(gateway: EmbeddedGateway) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withEmbeddedGateway(vendorUrl, use) {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-bench-'));
  const dataDir = path.join(directory, 'data');
  const database = new EmbeddedDatabase(dataDir);
  /** @type {GatewayProcess | undefined} */
  let process;
  try {
    await mkdir(dataDir);
    const apps = [{ appId: APP_ID, vendorUrl }];
    const config = await writeGatewayConfig(directory, { apps, delivery: {} });
    const env = embeddedEnvironment({ BELLHOP_CONFIG: config, DATA_DIR: dataDir });
    process = new GatewayProcess({ name: 'all', role: 'all', directory, env });
    await process.start();
    await fill(database.url, { people: PEOPLE, pastNotifications: 0 });
    return await use(new EmbeddedGateway(process, database));
  } finally {
    await process?.stop();
    // A killed process leaves its PostgreSQL behind.
    const { pid } = database;
    if (pid !== undefined) await killAll([pid, ...childrenOf(pid)]);
    await rm(directory, { recursive: true, force: true });
  }
}
