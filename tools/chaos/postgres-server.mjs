import '../../scripts/typescript/register.mjs';
import { childrenOf, killAll } from '../stage/os-processes.mjs';
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
    await killAll([pid, ...childrenOf(pid)]);
  }

  async stop() {
    await this.#server?.stop();
    this.#server = undefined;
  }
}
