import { repeatsUntil, type SpooledEvent } from './spooled-event.js';

/** Limit of remembered keys. Beyond it, the queue finds repeats when the spool drains. */
const MAX_KEYS = 200_000;

interface Known {
  readonly until: number;
  readonly id: string;
  readonly requestFingerprint: string | undefined;
  /** Resolves once the event is on disk, and rejects if its write fails. */
  readonly stored: Promise<string>;
}

/** Spooled events by dedupe key. */
export class SpooledKeys {
  private readonly byKey = new Map<string, Known>();

  /** The id of the spooled event with this key, once it is on disk. */
  find(key: string): Promise<string> | undefined {
    const known = this.byKey.get(key);
    return known && known.until > Date.now() ? known.stored : undefined;
  }

  /** The request fingerprint of a spooled event, if it has one; undefined if the event is not spooled. */
  findFingerprint(key: string, id: string): Pick<Known, 'requestFingerprint'> | undefined {
    const known = this.byKey.get(key);
    return known?.id === id ? known : undefined;
  }

  set(event: SpooledEvent, stored: Promise<string>): void {
    if (!event.dedupe || this.byKey.size >= MAX_KEYS) return;
    const { id, data } = event.job;
    const { requestFingerprint } = data;
    this.byKey.set(event.dedupe.key, { until: repeatsUntil(event), id, requestFingerprint, stored });
  }

  /** Removes an event that is in the queue, which finds its repeats, or that was not stored. */
  forget({ job, dedupe }: SpooledEvent): void {
    if (dedupe && this.byKey.get(dedupe.key)?.id === job.id) this.byKey.delete(dedupe.key);
  }

  clear(): void {
    this.byKey.clear();
  }
}
