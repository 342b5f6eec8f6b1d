/** How long a turn of the event loop may keep the processor while calls come, in milliseconds: a ring takes some ten. */
const MAX_TICK_MS = 20;
/** So long after a call others are looked out for, in milliseconds. */
const CALLS_COME_FOR_MS = 10_000;
/** What a lane may have under way when a call has just come, and what is left to it at the least. */
const LEAST = 32;
/** What a turn that was too long leaves of it. */
const CUT = 0.8;

/** A worker, as far as it is paced. */
export interface AdjustableWorker {
  concurrency: number;
}

/** Says after each turn how long it has kept the processor, in milliseconds, until it is told to stop. */
export type WatchTicks = (look: (busyMs: number) => 'go on' | 'stop') => void;

/**
 * Keeps turns of the event loop short while calls come.
 *
 * A ring is moved on by one step a turn, and a turn moves on all chats that are under way: with hundreds of them, ten
 * steps take seconds, and calls that are fetched one a turn pile up. Fewer under way make for shorter turns, and cost
 * what larger batches save; hence only while there are calls. What counts is the processor time of a turn: where others
 * keep the processor busy, taking on less would help nobody.
 */
export class AdaptiveConcurrency {
  private readonly others = new Map<AdjustableWorker, number>();
  private limit = Number.POSITIVE_INFINITY;
  private callsUntil = 0;
  private isWatching = false;

  constructor(
    private readonly watch: WatchTicks = watchTicks,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param most what the worker may have under way where no calls come. */
  add(worker: AdjustableWorker, most: number): void {
    this.others.set(worker, most);
    this.apply();
  }

  /** A call has to be moved on. */
  callCame(): void {
    this.callsUntil = this.now() + CALLS_COME_FOR_MS;
    if (this.isWatching) return;
    this.isWatching = true;
    this.limit = LEAST;
    this.apply();
    this.watch((busyMs) => this.look(busyMs));
  }

  private look(busyMs: number): 'go on' | 'stop' {
    this.isWatching = this.now() < this.callsUntil;
    if (!this.isWatching) this.limit = Number.POSITIVE_INFINITY;
    else if (busyMs > MAX_TICK_MS) this.limit = Math.max(LEAST, this.limit * CUT);
    else this.limit = Math.min(this.limit + 1, Math.max(LEAST, ...this.others.values()));
    this.apply();
    return this.isWatching ? 'go on' : 'stop';
  }

  private apply(): void {
    for (const [worker, most] of this.others) worker.concurrency = Math.min(most, Math.floor(this.limit));
  }
}

/** Turns shorter than this are taken together, in milliseconds. */
const LOOK_EVERY_MS = 5;

function watchTicks(look: Parameters<WatchTicks>[0]): void {
  let before = process.cpuUsage();
  const next = (): void => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    if (look((user + system) / 1_000) === 'go on') setTimeout(next, LOOK_EVERY_MS).unref();
  };
  setTimeout(next, LOOK_EVERY_MS).unref();
}
