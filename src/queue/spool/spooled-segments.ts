import { readFile, unlink } from 'node:fs/promises';
import type { Logger } from '../../platform/logging/logger.js';
import { codeOf } from '../../platform/errors/code-of.js';
import type { Metrics } from '../../platform/metrics/metrics.js';
import { decodeSegment } from './segment-format.js';
import type { Segment } from './segment.js';
import { decodeEvent, type SpooledEvent } from './spooled-event.js';

/** Segment that this process drains. */
interface KnownSegment {
  readonly segment: Segment;
  /** Set once its events are being read; `left` counts those that are not in the queue yet. */
  reading?: { left: number; readonly isDamaged: boolean };
}

/** Event read from a segment. */
export interface Spooled {
  readonly event: SpooledEvent;
  readonly from: KnownSegment;
}

export interface SegmentKeeper {
  /** Stops writes to the segment. */
  seal(segment: Segment): Promise<void>;
  /** Moves a damaged segment aside. @returns its new path. */
  deadLetter(file: string): Promise<string>;
}

/** The segments that this process drains: its own and those that it took over. */
export class SpooledSegments {
  /** By origin, in the order of writing. */
  private readonly known = new Map<string, KnownSegment[]>();
  private waiting = 0;

  constructor(
    private readonly keeper: SegmentKeeper,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {}

  /** Events on disk that are not in the queue yet. */
  get events(): number {
    return this.waiting;
  }

  get bytes(): number {
    return this.all().reduce((sum, { segment }) => sum + segment.bytes, 0);
  }

  get hasUnread(): boolean {
    return this.all().some(({ reading }) => !reading);
  }

  /** @param segment newer than all others of its origin. */
  add(segment: Segment): void {
    const others = this.known.get(segment.origin);
    if (others) others.push({ segment });
    else this.known.set(segment.origin, [{ segment }]);
  }

  count(events: number): void {
    this.waiting += events;
    this.metrics.spoolEvents.set(this.waiting);
    this.metrics.spoolBytes.set(this.bytes);
  }

  /** Forgets all segments after another process took them over. */
  clear(): void {
    this.known.clear();
    this.count(-this.waiting);
  }

  /** Unread events by origin, oldest first. */
  sources(): AsyncGenerator<Spooled, void>[] {
    return [...this.known.keys()].map((origin) => this.eventsOf(origin));
  }

  /** Counts an event as done, and removes the segment after its last one. */
  async finish(from: KnownSegment, events = 1): Promise<void> {
    const { segment, reading } = from;
    const ofOrigin = this.known.get(segment.origin) ?? [];
    if (!reading || !ofOrigin.includes(from)) return;
    reading.left--;
    if (reading.left === 0) {
      ofOrigin.splice(ofOrigin.indexOf(from), 1);
      if (ofOrigin.length === 0) this.known.delete(segment.origin);
      await this.remove(segment, reading.isDamaged);
    }
    this.count(-events);
  }

  private async *eventsOf(origin: string): AsyncGenerator<Spooled, void> {
    for (;;) {
      const from = this.known.get(origin)?.find(({ reading }) => !reading);
      if (!from) return;
      await this.keeper.seal(from.segment);
      const { events, isDamaged } = await this.read(from.segment);
      // The read itself counts as one.
      from.reading = { left: events.length + 1, isDamaged };
      for (const event of events) yield { event, from };
      await this.finish(from, 0);
    }
  }

  private async read({
    file,
    name,
    events: written,
  }: Segment): Promise<{ events: SpooledEvent[]; isDamaged: boolean }> {
    let payloads: readonly Buffer[] = [];
    let damagedBytes = 0;
    let err: unknown;
    try {
      ({ payloads, damagedBytes } = decodeSegment(await readFile(file)));
    } catch (error) {
      err = error;
    }
    const events = payloads.map(decodeEvent).filter((event) => event !== undefined);
    this.count(events.length - written);
    // Another process took it over, with its events.
    if (codeOf(err) === 'ENOENT') return { events, isDamaged: false };
    const isDamaged = err !== undefined || damagedBytes > 0 || events.length < payloads.length;
    if (isDamaged) {
      this.metrics.spooled.inc({ result: 'corrupt' });
      this.logger.error({ err, segment: name, damagedBytes, events: events.length }, 'spool.segment_damaged');
    }
    return { events, isDamaged };
  }

  private async remove({ file, name }: Segment, isDamaged: boolean): Promise<void> {
    try {
      if (!isDamaged) return await unlink(file);
      const keptAs = await this.keeper.deadLetter(file);
      this.logger.error({ segment: name, file: keptAs }, 'spool.segment_dead_lettered');
    } catch (err) {
      // The next start drains it again, without effect.
      if (codeOf(err) !== 'ENOENT') this.logger.warn({ err, segment: name }, 'spool.segment_kept');
    }
  }

  private all(): KnownSegment[] {
    return [...this.known.values()].flat();
  }
}
