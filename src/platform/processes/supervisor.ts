import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logging/logger.js';
import type { Addresses } from './supervisor-messages.js';

/** Exit code or signal of a process; both are null if it could not be started. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process of the gateway, seen from its supervisor. */
export interface SupervisedProcess {
  readonly pid: number | undefined;
  /** Undefined: it ended before it listened. */
  readonly listening: Promise<Addresses | undefined>;
  readonly ended: Promise<ProcessEnd>;
  /** Asks for a stop in order. */
  stop(signal: NodeJS.Signals): void;
  kill(): void;
}

export interface RestartTimes {
  /** Pause before a restart. It doubles with each process that ends soon after its start. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
  /** Running time after which the pause begins anew. */
  readonly settledMs: number;
  /** Maximum time for which a process that does not listen delays the next restart. */
  readonly startWithinMs: number;
}

const TIMES: RestartTimes = {
  pauseMs: 1_000,
  longestPauseMs: 30_000,
  settledMs: 60_000,
  startWithinMs: 30_000,
};

/** Starts processes, replaces those that end one by one, and stops them. */
export class Supervisor {
  readonly #stopping = new AbortController();
  readonly #running = new Set<SupervisedProcess>();
  readonly #startedAt = new WeakMap<SupervisedProcess, number>();
  readonly #keepers: Promise<void>[] = [];
  /** The last restart that was queued. */
  #lastRestart: Promise<unknown> = Promise.resolve();
  /** Processes whose stop failed. */
  #failed = 0;

  constructor(
    private readonly fork: () => SupervisedProcess,
    private readonly logger: Logger,
    private readonly times: RestartTimes = TIMES,
  ) {}

  /**
   * Starts all processes at once.
   *
   * @returns where they listen; undefined if a stop has begun.
   * @throws Error as soon as one ends before it listens: the others would meet the same obstacle. Call `stop` then.
   */
  async start(count: number): Promise<Addresses | undefined> {
    if (this.#stopping.signal.aborted) return undefined;
    const addresses = await Promise.all(
      Array.from({ length: count }, async () => {
        const process = this.launch();
        const found = await process.listening;
        if (this.#stopping.signal.aborted) return undefined;
        if (!found) throw new Error(`process ${process.pid} ended before it listened`);
        this.#keepers.push(this.keep(process));
        return found;
      }),
    );
    return addresses[0];
  }

  /** Asks every process to stop in order, and starts no further ones. */
  requestStop(signal: NodeJS.Signals): void {
    if (this.#stopping.signal.aborted) return;
    this.#stopping.abort();
    for (const process of this.#running) process.stop(signal);
  }

  /**
   * Stops every process in order, all at the same time.
   *
   * @param withinMs processes that still run by then are killed.
   * @throws Error if one was killed or stopped with an error.
   */
  async stop(signal: NodeJS.Signals, withinMs: number): Promise<void> {
    this.requestStop(signal);
    const limit = setTimeout(() => {
      for (const process of this.#running) {
        this.logger.error({ pid: process.pid }, 'supervisor.process_killed');
        process.kill();
      }
    }, withinMs);
    await Promise.all([...this.#running].map(({ ended }) => ended));
    clearTimeout(limit);
    await Promise.all(this.#keepers);
    if (this.#failed > 0) throw new Error(`${this.#failed} processes did not stop in order`);
  }

  private launch(): SupervisedProcess {
    const process = this.fork();
    this.#running.add(process);
    this.#startedAt.set(process, performance.now());
    void process.ended.then((end) => {
      this.#running.delete(process);
      if (this.#stopping.signal.aborted && !isInOrder(end)) this.#failed++;
    });
    return process;
  }

  /** Replaces a process, and its replacements, until the stop. */
  private async keep(first: SupervisedProcess): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = 0;
    for (let process: SupervisedProcess | undefined = first; process; process = await this.restart()) {
      const end = await process.ended;
      if (signal.aborted) return;
      const now = performance.now();
      const ranMs = Math.round(now - (this.#startedAt.get(process) ?? now));
      pauseMs = this.nextPause(pauseMs, ranMs);
      // An operator may stop one process to have it replaced.
      const level = end.code === 0 ? 'warn' : 'error';
      this.logger[level]({ pid: process.pid, ...end, ranMs, pauseMs }, 'supervisor.process_ended');
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private nextPause(lastMs: number, ranMs: number): number {
    const { pauseMs, longestPauseMs, settledMs } = this.times;
    return lastMs === 0 || ranMs >= settledMs ? pauseMs : Math.min(2 * lastMs, longestPauseMs);
  }

  /** Starts a process once no other restart is in progress. @returns undefined during a stop. */
  private restart(): Promise<SupervisedProcess | undefined> {
    const { signal } = this.#stopping;
    const restart = this.#lastRestart.then(async () => {
      if (signal.aborted) return undefined;
      const process = this.launch();
      this.logger.info({ pid: process.pid }, 'supervisor.process_started');
      const late = new AbortController();
      await Promise.race([
        process.listening,
        sleep(this.times.startWithinMs, undefined, { signal: AbortSignal.any([signal, late.signal]) }).catch(
          () => undefined,
        ),
      ]);
      late.abort();
      return process;
    });
    this.#lastRestart = restart;
    return restart;
  }
}

/** A terminal sends Ctrl-C to every process; one that has not loaded its program yet just ends. */
function isInOrder({ code, signal }: ProcessEnd): boolean {
  return code === 0 || signal === 'SIGINT' || signal === 'SIGTERM';
}
