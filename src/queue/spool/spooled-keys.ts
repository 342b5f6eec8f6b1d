import { repeatsUntil, type SpooledEvent } from './spooled-event.js';

/** More than that are not remembered: the queue finds their repeats when the spool drains. */
const MOST = 200_000;

interface Known {
  readonly until: number;
  readonly id: string;
  readonly requestFingerprint: string | undefined;
  /** Settles when it is known whether the first of them is on disk. */
  readonly stored: Promise<string>;
}

/** What lies in the spool, by what its repeats are recognised by. */
export class SpooledKeys {
  private readonly byKey = new Map<string, Known>();

  /** The id of the event that this one repeats, as soon as that is on disk. */
  find(key: string): Promise<string> | undefined {
    const known = this.byKey.get(key);
    return known && known.until > Date.now() ? known.stored : undefined;
  }

  /** The fingerprint of an event here, if it has one; undefined where the event is not here. */
  findFingerprint(key: string, id: string): Pick<Known, 'requestFingerprint'> | undefined {
    const known = this.byKey.get(key);
    return known?.id === id ? known : undefined;
  }

  set(event: SpooledEvent, stored: Promise<string>): void {
    if (!event.dedupe || this.byKey.size >= MOST) return;
    const { id, data } = event.job;
    const { requestFingerprint } = data;
    this.byKey.set(event.dedupe.key, { until: repeatsUntil(event), id, requestFingerprint, stored });
  }

  /** It is in the queue now, which finds its repeats by itself; or it is nowhere. */
  forget({ job, dedupe }: SpooledEvent): void {
    if (dedupe && this.byKey.get(dedupe.key)?.id === job.id) this.byKey.delete(dedupe.key);
  }

  clear(): void {
    this.byKey.clear();
  }
}
