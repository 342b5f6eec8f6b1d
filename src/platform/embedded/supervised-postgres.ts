import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logging/logger.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';

const RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** More than the pools of a process use, to the database and to the queue on it. */
const CONNECTIONS_PER_PROCESS = 60;
/** For the command line and operators. */
const RESERVED_CONNECTIONS = 40;

/**
 * The embedded PostgreSQL, restarted after an unexpected exit, for example when the system runs out of memory. Committed
 * data is on disk, and the address stays the same.
 */
export class SupervisedPostgres {
  readonly #stopping = new AbortController();
  #server: EmbeddedPostgres | undefined;
  #watching: Promise<void> | undefined;

  /**
   * @param directory the data; the caller holds its lock (`lockDataDirectory`).
   * @param processes number of processes of the gateway that will connect.
   */
  constructor(
    private readonly directory: string,
    private readonly logger: Logger,
    private readonly processes = 1,
  ) {}

  /** @returns the URL, which stays the same. @throws Error with the server's own words where it does not come up. */
  async start(): Promise<string> {
    const server = await this.launch();
    this.#watching = this.watch(server);
    return server.url;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#server?.stop();
    await this.#watching;
  }

  private async launch(tcpPort?: number): Promise<EmbeddedPostgres> {
    const maxConnections = RESERVED_CONNECTIONS + CONNECTIONS_PER_PROCESS * this.processes;
    const server = await startEmbeddedPostgres(this.directory, {
      maxConnections,
      ...(tcpPort === undefined ? {} : { tcpPort }),
    });
    this.#server = server;
    // It has come up while `stop()` was called.
    if (this.#stopping.signal.aborted) await server.stop();
    this.logger.info({ directory: this.directory, pid: server.pid }, 'database.embedded_started');
    return server;
  }

  private async watch(first: EmbeddedPostgres): Promise<void> {
    const { hostname, port } = new URL(first.url);
    const tcpPort = hostname === '127.0.0.1' ? Number(port) : undefined;
    let server: EmbeddedPostgres | undefined = first;
    while (server) {
      const { code, signal } = await server.ended;
      if (this.#stopping.signal.aborted) return;
      this.logger.error({ pid: server.pid, code, signal }, 'database.embedded_ended');
      server = await this.relaunch(tcpPort);
    }
  }

  /** Tries until it is up; undefined: the gateway stops. */
  private async relaunch(tcpPort: number | undefined): Promise<EmbeddedPostgres | undefined> {
    const { signal } = this.#stopping;
    for (let wait = RETRY_MS; !signal.aborted; wait = Math.min(2 * wait, LONGEST_RETRY_MS)) {
      // At first, too: processes of the old server may still hold the data.
      await sleep(wait, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      try {
        return await this.launch(tcpPort);
      } catch (err) {
        this.logger.error({ err }, 'database.embedded_failed');
      }
    }
    return undefined;
  }
}
