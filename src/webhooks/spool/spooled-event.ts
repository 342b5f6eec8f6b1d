import type { Dedupe, JobOrder } from '../../queue/job-queue.js';

/** An event on its way to the queue, as it lies in the spool: as JSON, one to a record. */
export interface SpooledEvent {
  readonly v: 1;
  readonly order: JobOrder<'notification.plan'>;
  /** Unset: a repeat of it is not recognised. */
  readonly dedupe?: Dedupe | undefined;
}

export function encodeEvent(event: SpooledEvent): Buffer {
  return Buffer.from(JSON.stringify(event));
}

/** @returns undefined where it is none that this version can read. */
export function decodeEvent(payload: Buffer): SpooledEvent | undefined {
  try {
    const event = JSON.parse(payload.toString()) as Partial<SpooledEvent> | null;
    return event?.v === 1 && event.order ? (event as SpooledEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** Until when, in milliseconds since the epoch, a repeat of it is the same event. */
export function repeatsUntil({ order, dedupe }: SpooledEvent): number {
  return order.data.receivedAt + (dedupe?.windowMs ?? 0);
}
