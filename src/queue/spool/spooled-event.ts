import type { Dedupe, JobRequest } from '../job-queue.js';
import type { QueueName } from '../jobs.js';

/** An event on its way to the queue. */
export interface SpooledEvent {
  readonly v: 1;
  readonly job: JobRequest<'notification.send' | 'notification.plan'>;
  /** Unset: not deduplicated. */
  readonly dedupe?: Dedupe | undefined;
}

/** JSON of a record. Other versions of the gateway read these field names: `order` is the job, `lane` its queue. */
interface StoredEvent {
  readonly v: 1;
  readonly order: Omit<SpooledEvent['job'], 'queueName'> & { readonly lane: QueueName };
  readonly dedupe?: Dedupe | undefined;
}

export function encodeEvent({ v, job: { queueName, ...job }, dedupe }: SpooledEvent): Buffer {
  const stored: StoredEvent = { v, order: { lane: queueName, ...job }, dedupe };
  return Buffer.from(JSON.stringify(stored));
}

/** @returns undefined if this version cannot read the record. */
export function decodeEvent(payload: Buffer): SpooledEvent | undefined {
  try {
    const stored = JSON.parse(payload.toString()) as Partial<StoredEvent> | null;
    if (stored?.v !== 1 || !stored.order) return undefined;
    const { lane, ...job } = stored.order;
    return { v: 1, job: { queueName: lane, ...job }, dedupe: stored.dedupe };
  } catch {
    return undefined;
  }
}

/** End of the event's dedupe window, in milliseconds since the epoch. */
export function repeatsUntil({ job, dedupe }: SpooledEvent): number {
  return job.data.receivedAt + (dedupe?.windowMs ?? 0);
}
