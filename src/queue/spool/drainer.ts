import type { BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../platform/logging/logger.js';
import { within } from '../../platform/timing/within.js';
import type { Dedupe, JobQueue } from '../job-queue.js';
import { byAge } from './by-age.js';
import type { Spool } from './spool.js';
import { repeatsUntil, type SpooledEvent } from './spooled-event.js';
import type { Spooled } from './spooled-segments.js';

/** Events that are written to the queue concurrently. */
const CONCURRENCY = 64;
/** No client waits for it, so that a slow store drains the spool, too. */
const STORE_WITHIN_MS = 5_000;
const RETRY_EVERY_MS = 500;
/** An event that has failed this often while others were stored is dead-lettered. */
const MAX_TRIES = 60;
const STOP_WITHIN_MS = 1_000;

/** Moves spooled events to the queue, oldest first, once its store is available again. */
export class Drainer implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly workers = new Set<Promise<void>>();
  private events: AsyncGenerator<Spooled, void> | undefined;
  /** The last write failed. */
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
   * Whether the store was unavailable at the last write. False for an empty spool, because only draining detects that
   * the store is back.
   */
  get isStoreAway(): boolean {
    return this.failing && !this.spool.isEmpty;
  }

  /** Reports a failed write of another component. */
  storeFailed(err: unknown): void {
    if (!this.failing) this.logger.warn({ err }, 'spool.store_away');
    this.failing = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await within(STOP_WITHIN_MS, Promise.all(this.workers)).catch(() => undefined);
  }

  /** Starts another worker below the limit; each that finds an event starts the next. */
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
        const id = await this.queue.add(job, STORE_WITHIN_MS, remainingDedupe(spooled.event));
        this.failing = false;
        this.stored++;
        if (id !== job.id) await this.storeRepeat(spooled.event, id);
        return await this.spool.done(spooled);
      } catch (err) {
        this.failing = true;
        if (tries < MAX_TRIES || this.stored === storedBefore) continue;
        if (await this.deadLetter(spooled, err)) return;
      }
    }
  }

  /** The webhook was answered with this id, so the ledger gets a record of it. */
  private async storeRepeat({ job }: SpooledEvent, originId: string): Promise<void> {
    const data = { ...job.data, v: 2, originId, isRepeat: true } as const;
    await this.queue.add({ ...job, data }, STORE_WITHIN_MS);
    this.logger.info({ notificationId: job.id, firstNotificationId: originId }, 'spool.repeat_found');
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

  /** Waits while the store is unavailable; all events share one probe. @throws AbortError on shutdown. */
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

/** The rest of the dedupe window, which begins when the event is received. */
function remainingDedupe(event: SpooledEvent): Dedupe | undefined {
  const windowMs = Math.min(event.dedupe?.windowMs ?? 0, repeatsUntil(event) - Date.now());
  return event.dedupe && windowMs > 0 ? { key: event.dedupe.key, windowMs } : undefined;
}
