/** Maximum event-loop tick in ms while calls are in progress; delivering a ring takes about ten ticks. */
const MAX_TICK_MS = 20;
/** Time in ms after a call for which ticks stay limited. */
const LIMITED_FOR_MS = 10_000;
/** Concurrency of a worker when a call arrives, and its minimum while calls are in progress. */
const MIN_CONCURRENCY = 32;
/** Factor applied after a tick that was too long. */
const DECREASE = 0.8;

/** The part of a worker that is adjusted. */
export interface AdjustableWorker {
  concurrency: number;
}

/** Reports the processor time of each event-loop tick in ms until told to stop. */
export type WatchTicks = (onTick: (busyMs: number) => 'go on' | 'stop') => void;

/**
 * Keeps event-loop ticks short while calls are in progress.
 *
 * A tick advances a ring by one step, and every chat in progress with it: with hundreds of chats, ten ticks take
 * seconds, and calls, of which one is fetched per tick, pile up. Fewer chats shorten the tick but lose the savings of
 * larger batches, hence only during calls. Ticks are measured in processor time: if other processes keep the processor
 * busy, a lower concurrency does not help.
 */
export class AdaptiveConcurrency {
  private readonly workers = new Map<AdjustableWorker, number>();
  private limit = Number.POSITIVE_INFINITY;
  private limitedUntil = 0;
  private isWatching = false;

  constructor(
    private readonly watch: WatchTicks = watchTicks,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param max the worker's concurrency without calls. */
  add(worker: AdjustableWorker, max: number): void {
    this.workers.set(worker, max);
    this.apply();
  }

  /** Limits the other workers for the next ten seconds. */
  callCame(): void {
    this.limitedUntil = this.now() + LIMITED_FOR_MS;
    if (this.isWatching) return;
    this.isWatching = true;
    this.limit = MIN_CONCURRENCY;
    this.apply();
    this.watch((busyMs) => this.adjust(busyMs));
  }

  private adjust(busyMs: number): 'go on' | 'stop' {
    this.isWatching = this.now() < this.limitedUntil;
    if (!this.isWatching) this.limit = Number.POSITIVE_INFINITY;
    else if (busyMs > MAX_TICK_MS) this.limit = Math.max(MIN_CONCURRENCY, this.limit * DECREASE);
    else this.limit = Math.min(this.limit + 1, Math.max(MIN_CONCURRENCY, ...this.workers.values()));
    this.apply();
    return this.isWatching ? 'go on' : 'stop';
  }

  private apply(): void {
    for (const [worker, max] of this.workers) worker.concurrency = Math.min(max, Math.floor(this.limit));
  }
}

/** Minimum time in ms between measurements. */
const MEASURE_EVERY_MS = 5;

function watchTicks(onTick: Parameters<WatchTicks>[0]): void {
  let before = process.cpuUsage();
  const next = (): void => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    if (onTick((user + system) / 1_000) === 'go on') setTimeout(next, MEASURE_EVERY_MS).unref();
  };
  setTimeout(next, MEASURE_EVERY_MS).unref();
}
