import { GatewayProcess } from '../stage/gateway-process.mjs';
import { pause } from './pause.mjs';

const RESTART_AFTER_MS = 1_000;

/** A gateway process under a service manager, which restarts it whenever it exits by itself. */
export class Service {
  #isWanted = false;
  /** Exits by itself. */
  crashes = 0;

  /** @param {import('../stage/gateway-process.mjs').GatewayProcessOptions} options */
  constructor(options) {
    this.process = new GatewayProcess(options);
  }

  get url() {
    return this.process.url;
  }

  /** Starts it, repeatedly if necessary. @returns {Promise<void>} resolves when it listens */
  async start() {
    this.#isWanted = true;
    while (this.#isWanted) {
      try {
        await this.process.start();
        void this.#watch();
        return;
      } catch (error) {
        await this.process.kill();
        if (!this.#isWanted) return;
        this.crashes++;
        this.lastWords = error;
        await pause(RESTART_AFTER_MS);
      }
    }
  }

  async #watch() {
    await this.process.ended();
    if (!this.#isWanted) return;
    this.crashes++;
    // After `breakOff`, `pause` throws and it is not restarted.
    await pause(RESTART_AFTER_MS)
      .then(() => (this.#isWanted ? this.start() : undefined))
      .catch(() => undefined);
  }

  /** Kills it without a restart. */
  async kill() {
    this.#isWanted = false;
    await this.process.kill();
  }

  /** Stops it without a restart. */
  async stop() {
    this.#isWanted = false;
    await this.process.stop();
  }

  /** Suspends it (`SIGSTOP`). */
  freeze() {
    this.process.signal('SIGSTOP');
  }

  wake() {
    this.process.signal('SIGCONT');
  }
}
