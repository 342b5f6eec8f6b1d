import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTick } from 'node:timers/promises';
import type { Logger } from '../../platform/logging/logger.js';
import { codeOf } from '../../platform/errors/code-of.js';
import type { Metrics } from '../../platform/metrics/metrics.js';
import type { SendNotification } from '../jobs.js';
import { eraseSpooled, type ErasedFromSpool } from './erase-spooled.js';
import { decodeSegment, encodeRecord } from './segment-format.js';
import { NotWritten, SegmentWriter, type OpenFile } from './segment-writer.js';
import { SpoolDirectory } from './spool-directory.js';
import { decodeEvent, encodeEvent, type SpooledEvent } from './spooled-event.js';
import { SpooledKeys } from './spooled-keys.js';
import { SpooledSegments, type Spooled } from './spooled-segments.js';

/** Interval of heartbeats and of the search for dead processes. */
const HEARTBEAT_MS = 3_000;
/** How long health reports a failed write. */
const FAULT_SHOWN_MS = 10_000;

export interface SpoolOptions {
  /** Shared by the processes of a machine, each with its own subdirectory. */
  readonly directory: string;
  /** Maximum size on disk for this process; 0: no spool. */
  readonly maxBytes: number;
  readonly heartbeatMs?: number;
  readonly leaseMs?: number;
  readonly openFile?: OpenFile;
}

/** Buffers events on local disk while the queue's store is unavailable. */
export class Spool {
  private readonly keys = new SpooledKeys();
  private readonly segments: SpooledSegments;
  private own: { readonly spoolDirectory: SpoolDirectory; readonly writer: SegmentWriter } | undefined;
  /** Bytes being written. */
  private pendingBytes = 0;
  /** Last failed write. */
  private fault: { readonly why: string; readonly at: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private tending: Promise<void> = Promise.resolve();

  /** Called when there are events to drain. */
  onEvents: () => void = () => undefined;

  constructor(
    private readonly options: SpoolOptions,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
  ) {
    const keeper = {
      seal: async (segment: Parameters<SegmentWriter['seal']>[0]) => this.opened().writer.seal(segment),
      deadLetter: async (file: string) => this.opened().spoolDirectory.deadLetter(file),
    };
    this.segments = new SpooledSegments(keeper, metrics, logger);
  }

  get isOn(): boolean {
    return this.options.maxBytes > 0;
  }

  get isEmpty(): boolean {
    return this.events === 0;
  }

  /** Events that are not in the queue yet. */
  get events(): number {
    return this.segments.events;
  }

  /** Whether there are events that were not read yet. */
  get hasUnread(): boolean {
    return this.segments.hasUnread;
  }

  /** Claims a directory, then takes over those of dead processes periodically. */
  async open(): Promise<void> {
    if (!this.isOn) return;
    await this.claim();
    const { directory, maxBytes, heartbeatMs = HEARTBEAT_MS } = this.options;
    this.logger.info({ directory: path.resolve(directory), maxBytes }, 'spool.opened');
    void this.tend();
    this.timer = setInterval(() => void this.tend(), heartbeatMs);
    this.timer.unref();
  }

  /** Leaves its events to the next start or another process. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.tending;
    await this.own?.writer.seal();
    await this.own?.spoolDirectory.release();
    this.own = undefined;
  }

  /** The id of the spooled event with this dedupe key, once it is on disk; undefined if there is none. */
  find(key: string): Promise<string> | undefined {
    return this.keys.find(key);
  }

  /** The request fingerprint of a spooled event, if it has one; undefined if the event is not spooled. */
  findFingerprint(key: string, id: string): { readonly requestFingerprint: string | undefined } | undefined {
    return this.keys.findFingerprint(key, id);
  }

  /**
   * Writes an event to disk, unless it repeats a spooled one.
   *
   * @returns the event's id, or that of the event that it repeats.
   * @throws NotWritten if the spool is full or the disk fails.
   */
  async append(event: SpooledEvent): Promise<string> {
    const first = event.dedupe && this.keys.find(event.dedupe.key);
    if (first) return first;
    const stored = this.write(event);
    this.keys.set(event, stored);
    return stored.catch((error: unknown) => {
      this.keys.forget(event);
      this.metrics.spooled.inc({ result: 'refused' });
      throw error;
    });
  }

  /** Unread events by writer, oldest first. */
  sources(): AsyncGenerator<Spooled, void>[] {
    return this.segments.sources();
  }

  /** Removes an event that is in the queue. */
  async done({ event, from }: Spooled): Promise<void> {
    this.keys.forget(event);
    this.metrics.spooled.inc({ result: 'drained' });
    await this.segments.finish(from);
  }

  /** Dead-letters an event that the queue rejects, as a segment that can be restored. */
  async deadLetter({ event, from }: Spooled, err: unknown): Promise<void> {
    const { spoolDirectory } = this.opened();
    const file = path.join(spoolDirectory.directory, `refused-${event.job.id}.seg`);
    await writeFile(file, encodeRecord(encodeEvent(event)), { mode: 0o600, flush: true });
    const keptAs = await spoolDirectory.deadLetter(file);
    this.keys.forget(event);
    this.metrics.spooled.inc({ result: 'corrupt' });
    this.logger.error({ err, notificationId: event.job.id, file: keptAs }, 'spool.event_refused');
    await this.segments.finish(from);
  }

  /**
   * Removes dead-lettered events of every process on this machine.
   *
   * @param isMeant selects events by the payload of their job.
   * @param mark text by which a damaged record is recognised.
   */
  async erase(isMeant: (data: SendNotification) => boolean, mark: string): Promise<ErasedFromSpool> {
    return this.isOn ? eraseSpooled(this.options.directory, isMeant, mark) : { removed: 0, waiting: 0 };
  }

  health(): { status: 'up' | 'down'; detail: string } {
    const { events, bytes } = this.segments;
    if (!this.isOn) return { status: 'up', detail: 'off' };
    if (this.fault && performance.now() - this.fault.at < FAULT_SHOWN_MS)
      return { status: 'down', detail: `${this.fault.why}: ${events} events wait` };
    const megabytes = (bytes / 1_048_576).toFixed(1);
    return { status: 'up', detail: this.isEmpty ? 'empty' : `${events} events wait, ${megabytes} MB` };
  }

  private async write(event: SpooledEvent): Promise<string> {
    const payload = encodeEvent(event);
    if (this.segments.bytes + this.pendingBytes + payload.length > this.options.maxBytes) {
      this.fault = { why: 'full', at: performance.now() };
      throw new NotWritten('the spool is full');
    }
    this.pendingBytes += payload.length;
    try {
      await this.opened().writer.append(payload);
    } catch (error) {
      const why = codeOf(error instanceof Error ? error.cause : undefined) ?? 'failed';
      this.fault = { why, at: performance.now() };
      this.logger.warn({ err: error }, 'spool.write_failed');
      // The directory may have been taken over: `tend` claims a new one.
      if (why === 'ENOENT') void this.tend();
      throw error;
    } finally {
      this.pendingBytes -= payload.length;
    }
    this.fault = undefined;
    this.segments.count(1);
    this.metrics.spooled.inc({ result: 'spooled' });
    this.onEvents();
    return event.job.id;
  }

  private async claim(): Promise<void> {
    const { directory, leaseMs, openFile } = this.options;
    const spoolDirectory = await SpoolDirectory.create(directory, leaseMs);
    const onSegment = this.segments.add.bind(this.segments);
    this.own = {
      spoolDirectory,
      writer: new SegmentWriter(spoolDirectory.directory, spoolDirectory.id, onSegment, openFile),
    };
  }

  /** Sends a heartbeat and takes over segments of dead processes. */
  private tend(): Promise<void> {
    this.tending = this.tending.then(async () => {
      try {
        if (!(await this.opened().spoolDirectory.heartbeat())) await this.reclaim();
        // Segments of a writer sort by name.
        const takenOver = (await this.opened().spoolDirectory.takeOver()).toSorted();
        for (const name of takenOver) await this.register(name);
        if (takenOver.length > 0) this.onEvents();
      } catch (err) {
        this.logger.warn({ err }, 'spool.heartbeat_failed');
      }
    });
    return this.tending;
  }

  /** Claims a new directory after another process took over the current one with all events. */
  private async reclaim(): Promise<void> {
    this.logger.warn({ events: this.segments.events }, 'spool.taken_over');
    this.segments.clear();
    this.keys.clear();
    await this.own?.writer.seal();
    await this.claim();
  }

  /** Registers a segment of another process: its events count, and their dedupe keys apply. */
  private async register(name: string): Promise<void> {
    const file = path.join(this.opened().spoolDirectory.directory, name);
    const { size: bytes } = await stat(file);
    const { payloads, tornBytes } = decodeSegment(await readFile(file));
    for (const payload of payloads) {
      const event = decodeEvent(payload);
      if (event) this.keys.set(event, Promise.resolve(event.job.id));
    }
    const events = payloads.length;
    this.segments.add({ origin: name.slice(0, name.lastIndexOf('-')), name, file, bytes, events });
    this.segments.count(events);
    if (tornBytes > 0) this.logger.warn({ segment: name, bytes: tornBytes }, 'spool.tail_dropped');
    this.logger.info({ segment: name, events, bytes }, 'spool.segment_taken_over');
    // Yields to requests: the spool may be large.
    await nextTick();
  }

  private opened(): { spoolDirectory: SpoolDirectory; writer: SegmentWriter } {
    if (!this.own) throw new NotWritten('the spool is not open');
    return this.own;
  }
}
