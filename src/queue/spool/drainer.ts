import type { BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../platform/logging/logger.js';
import { within } from '../../platform/timing/within.js';
import type { Dedupe, JobQueue } from '../job-queue.js';
import { byAge } from './by-age.js';
import type { Spool } from './spool.js';
import { repeatsUntil, type SpooledEvent } from './spooled-event.js';
import type { Spooled } from './spooled-segments.js';

/** Events that are on their way to the queue at once. */
const CONCURRENCY = 64;
/** Nobody waits for the answer: a slow store drains the spool, too. */
const STORE_WITHIN_MS = 5_000;
const RETRY_EVERY_MS = 500;
/** An event that failed so often, while others were stored, is what the queue cannot take. */
const MOST_TRIES = 60;
const STOP_WITHIN_MS = 1_000;

/** Brings what lies in the spool to the queue, the oldest first, as soon as its store answers again. */
export class Drainer implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly workers = new Set<Promise<void>>();
  private events: AsyncGenerator<Spooled, void> | undefined;
  /** The last try to store something failed. */
  private failing = false;
  private probing: Promise<void> | undefined;
  private stored = 0;
  private reported = 0;

  constructor(
    private readonly spool: Spool,
    private readonly queue: Pick<JobQueue, 'add' | 'ping'>,
    private readonly logger: Logger,
    private readonly retryEveryMs = RETRY_EVERY_MS,
  ) {
    spool.onEvents = () => this.wake();
  }

  /**
   * Whether the store was away a moment ago. True only while something lies in the spool: trying to bring that to
   * the queue is how we find out that the store is back.
   */
  get isStoreAway(): boolean {
    return this.failing && !this.spool.isEmpty;
  }

  /** Somebody else has found that the store is away. */
  storeFailed(err: unknown): void {
    if (!this.failing) this.logger.warn({ err }, 'spool.store_away');
    this.failing = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await within(STOP_WITHIN_MS, Promise.all(this.workers)).catch(() => undefined);
  }

  /** One more worker, if there may be: each that finds something to do calls the next. */
  private wake(): void {
    if (this.workers.size >= CONCURRENCY || this.stopping.signal.aborted) return;
    const worker = this.work()
      .catch((err: unknown) => {
        if (!this.stopping.signal.aborted) this.logger.error({ err }, 'spool.drain_failed');
      })
      .finally(() => {
        this.workers.delete(worker);
        if (this.spool.hasUnread) this.wake();
        else if (this.workers.size === 0) this.report();
      });
    this.workers.add(worker);
  }

  private async work(): Promise<void> {
    for (let next = await this.take(); next; next = await this.take()) {
      this.wake();
      await this.store(next);
    }
  }

  private async take(): Promise<Spooled | undefined> {
    do {
      const events = (this.events ??= byAge(this.spool.sources(), ({ event }) => event.job.data.receivedAt));
      const { value } = await events.next();
      if (value) return value;
      if (this.events === events) this.events = undefined;
    } while (this.spool.hasUnread);
    return undefined;
  }

  private async store(spooled: Spooled): Promise<void> {
    const { job } = spooled.event;
    const storedBefore = this.stored;
    for (let tries = 1; ; tries++) {
      await this.untilStoreAnswers();
      try {
        const id = await this.queue.add(job, STORE_WITHIN_MS, stillRepeatable(spooled.event));
        this.failing = false;
        this.stored++;
        if (id !== job.id)
          this.logger.info({ notificationId: job.id, firstNotificationId: id }, 'spool.repeat_found');
        return await this.spool.done(spooled);
      } catch (err) {
        this.failing = true;
        if (tries < MOST_TRIES || this.stored === storedBefore) continue;
        if (await this.deadLetter(spooled, err)) return;
      }
    }
  }

  private async deadLetter(spooled: Spooled, why: unknown): Promise<boolean> {
    try {
      await this.spool.deadLetter(spooled, why);
      return true;
    } catch (err) {
      this.logger.error({ err }, 'spool.dead_letter_failed');
      return false;
    }
  }

  private report(): void {
    if (this.stored > this.reported)
      this.logger.info({ events: this.stored - this.reported }, 'spool.drained');
    this.reported = this.stored;
  }

  /** Waits while the store is away; all events wait for one question. @throws AbortError at a stop. */
  private async untilStoreAnswers(): Promise<void> {
    const { signal } = this.stopping;
    signal.throwIfAborted();
    if (!this.failing) return;
    this.probing ??= (async () => {
      do await sleep(this.retryEveryMs, undefined, { signal });
      while (!(await this.answers()));
    })().finally(() => (this.probing = undefined));
    await this.probing;
  }

  private answers(): Promise<boolean> {
    return this.queue.ping(STORE_WITHIN_MS).then(
      () => true,
      () => false,
    );
  }
}

/** A window that began when the event came, not when it reaches the queue: equal texts further apart are two. */
function stillRepeatable(event: SpooledEvent): Dedupe | undefined {
  const windowMs = Math.min(event.dedupe?.windowMs ?? 0, repeatsUntil(event) - Date.now());
  return event.dedupe && windowMs > 0 ? { key: event.dedupe.key, windowMs } : undefined;
}
