import { GatewayProcess } from '../stage/gateway-process.mjs';
import { pause } from './pause.mjs';

const RESTART_AFTER_MS = 1_000;

/** A process of the gateway under a service manager, which starts it again whenever it ends by itself. */
export class Service {
  #isWanted = false;
  /** How often it has ended by itself. */
  crashes = 0;

  /** @param {import('../stage/gateway-process.mjs').GatewayProcessOptions} options */
  constructor(options) {
    this.process = new GatewayProcess(options);
  }

  get url() {
    return this.process.url;
  }

  /** @returns {Promise<void>} when it listens, however often it had to be started for that */
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
    // Broken off, it is not started again, and whoever waits for anything hears of it.
    await pause(RESTART_AFTER_MS)
      .then(() => (this.#isWanted ? this.start() : undefined))
      .catch(() => undefined);
  }

  /** Kills it; it stays away. */
  async kill() {
    this.#isWanted = false;
    await this.process.kill();
  }

  /** Ends it in order; it stays away. */
  async stop() {
    this.#isWanted = false;
    await this.process.stop();
  }

  /** Stops it in its tracks, so that it does not notice how time goes by. */
  freeze() {
    this.process.signal('SIGSTOP');
  }

  wake() {
    this.process.signal('SIGCONT');
  }
}
