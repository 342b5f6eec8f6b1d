import { Injectable } from '@nestjs/common';
import { within } from '../../platform/timing/within.js';
import { JobQueue, QueueUnavailable } from '../job-queue.js';
import { Drainer } from './drainer.js';
import { NotWritten } from './segment-writer.js';
import { Spool } from './spool.js';
import type { SpooledEvent } from './spooled-event.js';

/** CometChat waits 2 s for an answer: events that are not stored in time are refused before that. */
const STORE_WITHIN_MS = 1_800;
/** Leaves time for the spool. */
const QUEUE_WITHIN_MS = 1_000;

/** Neither queue nor spool has stored the event, which is not acknowledged. */
export class NotStored extends Error {
  override readonly name = 'NotStored';
}

/** Result of storing an event. */
export interface Stored {
  /** The event's id, or that of the event that it repeats. */
  readonly id: string;
  readonly isSpooled: boolean;
}

/** Stores events durably: in the queue, or in the spool while the queue's store is unavailable. */
@Injectable()
export class DurableStore {
  constructor(
    private readonly queue: JobQueue,
    private readonly spool: Spool,
    private readonly drainer: Drainer,
  ) {}

  /** @throws NotStored if that takes longer than 1.8 s. */
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
      if (!this.spool.isOn) throw new NotStored('the queue is unavailable', { cause: error });
      this.drainer.storeFailed(error);
    }
    return { id: await before(deadline, this.spool.append(event)), isSpooled: true };
  }
}

/** @throws NotStored if the spool refuses the event or the disk is slow. A late write is still delivered. */
async function before<T>(deadline: number, work: Promise<T>): Promise<T> {
  const leftMs = Math.max(0, deadline - performance.now());
  try {
    return await within(leftMs, work, () => new NotStored('the disk did not answer in time'));
  } catch (error) {
    throw error instanceof NotWritten ? new NotStored('the spool did not store it', { cause: error }) : error;
  }
}
