import { Injectable } from '@nestjs/common';
import { within } from '../../platform/timing/within.js';
import { JobQueue, QueueUnavailable } from '../job-queue.js';
import { Drainer } from './drainer.js';
import { NotWritten } from './segment-writer.js';
import { Spool } from './spool.js';
import type { SpooledEvent } from './spooled-event.js';

/** CometChat waits 2 s. What cannot be stored by then is refused, while it still listens. */
const STORE_WITHIN_MS = 1_800;
/** Leaves time for the disk. */
const QUEUE_WITHIN_MS = 1_000;

/** Neither the queue nor the spool has taken an event: nothing was promised. */
export class NotStored extends Error {
  override readonly name = 'NotStored';
}

/** Where an event was stored, and as what. */
export interface Stored {
  /** The id of the event that stands for it: its own, or that of the one that it repeats. */
  readonly id: string;
  readonly isSpooled: boolean;
}

/** Stores events on disk before they are answered for: in the queue, and while its store is away in the spool. */
@Injectable()
export class DurableStore {
  constructor(
    private readonly queue: JobQueue,
    private readonly spool: Spool,
    private readonly drainer: Drainer,
  ) {}

  /** @throws NotStored when that is not possible within 1.8 s. */
  async add(event: SpooledEvent): Promise<Stored> {
    const { job, dedupe } = event;
    const deadline = performance.now() + STORE_WITHIN_MS;
    const first = dedupe && this.spool.find(dedupe.key);
    if (first) return { id: await before(deadline, first), isSpooled: true };
    try {
      if (!this.drainer.isStoreAway)
        return { id: await this.queue.add(job, QUEUE_WITHIN_MS, dedupe), isSpooled: false };
    } catch (error) {
      if (!(error instanceof QueueUnavailable)) throw error;
      if (!this.spool.isOn) throw new NotStored('the queue is away', { cause: error });
      this.drainer.storeFailed(error);
    }
    return { id: await before(deadline, this.spool.append(event)), isSpooled: true };
  }
}

/** @throws NotStored where the spool refuses it, or the disk is slow. What is written later is delivered all the same. */
async function before<T>(deadline: number, work: Promise<T>): Promise<T> {
  const leftMs = Math.max(0, deadline - performance.now());
  try {
    return await within(leftMs, work, () => new NotStored('not on disk in time'));
  } catch (error) {
    throw error instanceof NotWritten ? new NotStored('the spool did not take it', { cause: error }) : error;
  }
}
