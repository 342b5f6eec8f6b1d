import { DataDirectoryInUse } from './platform/embedded/data-directory.js';
import type { LogMessage } from './platform/logging/log-messages.js';
import type { Logger } from './platform/logging/logger.js';

/** Maximum duration of a process's shutdown after its delay. Process managers kill it soon after. */
export const STOP_WITHIN_MS = 14_000;

interface Stoppable {
  close(): Promise<void>;
}

/**
 * The life of this process, from its start to an orderly stop by SIGTERM or SIGINT: exit code 0, or 1 after a crash, a
 * failed start or a failed stop.
 */
export class Lifecycle<T extends Stoppable> {
  readonly #stopping = new AbortController();
  #starting: Promise<T> | undefined;

  /** @param stopWithinMs a stop that takes longer fails. */
  constructor(
    private readonly logger: Logger,
    private readonly stopWithinMs: number,
  ) {
    process.on('uncaughtException', (error) => this.fail(error, 'process.crashed'));
    process.on('unhandledRejection', (error) => this.fail(error, 'process.crashed'));
  }

  /**
   * @param start gets a signal that a stop has begun. The stop waits for it.
   * @param onStarted is called once it runs, unless a stop has begun.
   */
  async run(start: (stopping: AbortSignal) => Promise<T>, onStarted: (running: T) => void): Promise<void> {
    process.on('SIGTERM', (signal) => this.stop(signal));
    process.on('SIGINT', (signal) => this.stop(signal));
    this.#starting = start(this.#stopping.signal);
    try {
      const running = await this.#starting;
      if (!this.#stopping.signal.aborted) onStarted(running);
    } catch (error) {
      if (error instanceof DataDirectoryInUse) process.stderr.write(`${error.message}\n`);
      this.fail(error, 'process.start_failed');
    }
  }

  /** Stops what runs, also if it is still starting. */
  stop(signal: NodeJS.Signals): void {
    if (this.#stopping.signal.aborted) return;
    this.logger.info({ signal }, 'process.stopping');
    this.#stopping.abort();
    const { stopWithinMs } = this;
    setTimeout(
      () => this.fail(new Error(`not stopped within ${stopWithinMs} ms`), 'process.stop_failed'),
      stopWithinMs,
    ).unref();
    (this.#starting ?? Promise.resolve(undefined))
      .then((running) => running?.close())
      .then(() => {
        this.logger.info({ signal }, 'process.stopped');
        process.exit(0);
      })
      .catch((error: unknown) => this.fail(error, 'process.stop_failed'));
  }

  private fail(error: unknown, event: LogMessage): void {
    this.logger.fatal({ err: error }, event);
    process.exit(1);
  }
}
