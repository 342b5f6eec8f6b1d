import type { Logger } from '../platform/logging/logger.js';
import { EventBatch, type LiveEvent } from './live-event.js';
import type { Topic } from './topic.js';

export type Listener = (batch: EventBatch) => void;

/** How long streams that resume at the same place share what they missed. */
const MISSED_SHARED_MS = 2_000;
const RETRY_AFTER_MS = 1_000;

const ignore = (): void => undefined;

/** Asks a topic for news while streams follow it, and gives the same events to all of them. */
export class TopicPoller {
  private readonly listeners = new Set<Listener>();
  private readonly missed = new Map<number, Promise<readonly LiveEvent[] | undefined>>();
  /** The last look for missed events: one at a time. */
  private asking: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  /** Identifies the time from the first listener to the last; unset while nobody listens. */
  private run: object | undefined;
  private begun: Promise<void> = Promise.resolve();
  /** The last work of the topic: one at a time, because a topic remembers what it has told. */
  private working: Promise<unknown> = Promise.resolve();
  private reached: Date | undefined;
  /** Whether the last look failed. */
  private isFailing = false;

  constructor(
    readonly topic: Topic,
    private readonly logger: Logger,
  ) {}

  /** Streams have everything until then, by the database's clock; undefined before the first look. */
  get position(): Date | undefined {
    return this.reached;
  }

  get isRunning(): boolean {
    return this.run !== undefined;
  }

  /** Calls back with every later event. @returns resolves when the first look has set the beginning. */
  follow(listener: Listener): Promise<void> {
    this.listeners.add(listener);
    if (!this.run) {
      this.run = {};
      this.begun = this.begin(this.run);
    }
    return this.begun;
  }

  leave(listener: Listener): void {
    this.listeners.delete(listener);
    if (this.listeners.size > 0) return;
    clearTimeout(this.timer);
    this.run = undefined;
    this.reached = undefined;
    this.missed.clear();
  }

  missedSince(since: Date): Promise<readonly LiveEvent[] | undefined> {
    const key = since.getTime();
    const known = this.missed.get(key);
    if (known) return known;
    const asked = this.asking.then(() => this.topic.missedSince(since));
    this.asking = asked.then(ignore, ignore).finally(() => {
      setTimeout(() => this.missed.delete(key), MISSED_SHARED_MS).unref();
    });
    this.missed.set(key, asked);
    return asked;
  }

  /** Retries until the store is available, or all have left. */
  private async begin(run: object): Promise<void> {
    while (this.run === run) {
      try {
        const reached = await this.oneByOne(() => this.topic.begin());
        if (this.run !== run) return;
        this.reached = reached;
        this.lookLater(run);
        return;
      } catch (err) {
        this.failed(err);
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS).unref());
      }
    }
  }

  private lookLater(run: object): void {
    if (this.run !== run) return;
    this.timer = setTimeout(() => void this.look(run), this.topic.everyMs).unref();
  }

  private async look(run: object): Promise<void> {
    try {
      const { events, completeTo } = await this.oneByOne(() => this.topic.look());
      if (this.run !== run) return;
      this.isFailing = false;
      const batch = new EventBatch(events);
      if (events.length > 0) for (const listener of this.listeners) listener(batch);
      this.reached = completeTo ?? this.reached;
    } catch (err) {
      this.failed(err);
    }
    this.lookLater(run);
  }

  /** Waits for work of an earlier run, which may still go on after all have left. */
  private oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const done = this.working.then(work);
    this.working = done.then(ignore, ignore);
    return done;
  }

  private failed(err: unknown): void {
    if (!this.isFailing) this.logger.warn({ topic: this.topic.name, err }, 'events.poll_failed');
    this.isFailing = true;
  }
}
