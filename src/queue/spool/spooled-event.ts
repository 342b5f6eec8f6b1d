import type { Dedupe, JobRequest } from '../job-queue.js';
import type { QueueName } from '../jobs.js';

/** An event on its way to the queue, as it lies in the spool: as JSON, one to a record. */
export interface SpooledEvent {
  readonly v: 1;
  readonly order: JobRequest<'notification.plan'>;
  /** Unset: a repeat of it is not recognised. */
  readonly dedupe?: Dedupe | undefined;
}

/** On disk the queue's name is in `lane`, as every version reads and writes it. */
type StoredEvent = Omit<SpooledEvent, 'order'> & {
  readonly order: Omit<SpooledEvent['order'], 'queueName'> & { readonly lane: QueueName };
};

export function encodeEvent({ v, order: { queueName, ...order }, dedupe }: SpooledEvent): Buffer {
  const stored: StoredEvent = { v, order: { lane: queueName, ...order }, dedupe };
  return Buffer.from(JSON.stringify(stored));
}

/** @returns undefined where it is none that this version can read. */
export function decodeEvent(payload: Buffer): SpooledEvent | undefined {
  try {
    const stored = JSON.parse(payload.toString()) as Partial<StoredEvent> | null;
    if (stored?.v !== 1 || !stored.order) return undefined;
    const { lane, ...order } = stored.order;
    return { v: 1, order: { queueName: lane, ...order }, dedupe: stored.dedupe };
  } catch {
    return undefined;
  }
}

/** Until when, in milliseconds since the epoch, a repeat of it is the same event. */
export function repeatsUntil({ order, dedupe }: SpooledEvent): number {
  return order.data.receivedAt + (dedupe?.windowMs ?? 0);
}
