import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from '../../platform/logging/logger.js';
import { codeOf } from '../../platform/errors/code-of.js';
import type { Metrics } from '../../platform/metrics/metrics.js';
import { decodeSegment, encodeRecord } from './segment-format.js';
import { NotWritten, SegmentWriter, type OpenFile } from './segment-writer.js';
import { SpoolDirectory } from './spool-directory.js';
import { decodeEvent, encodeEvent, type SpooledEvent } from './spooled-event.js';
import { SpooledKeys } from './spooled-keys.js';
import { SpooledSegments, type Spooled } from './spooled-segments.js';

/** How often a process shows that it is alive, and looks for those that are not, in milliseconds. */
const HEARTBEAT_MS = 3_000;
/** While nothing is written, nobody knows whether it would work again. */
const FAULT_SHOWN_MS = 10_000;

export interface SpoolOptions {
  /** Shared by the processes of one machine: each has a directory of its own in it. */
  readonly directory: string;
  /** What may lie on disk for this process; 0: there is no spool. */
  readonly maxBytes: number;
  readonly heartbeatMs?: number;
  readonly leaseMs?: number;
  readonly openFile?: OpenFile;
}

/** Events on the local disk while the queue's store is away: appended, and given out again, the oldest first. */
export class Spool {
  private readonly keys = new SpooledKeys();
  private readonly segments: SpooledSegments;
  private own: { readonly spoolDirectory: SpoolDirectory; readonly writer: SegmentWriter } | undefined;
  /** Bytes that are being written. */
  private pendingBytes = 0;
  /** Why a write failed, and when. */
  private fault: { readonly why: string; readonly at: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private tending: Promise<void> = Promise.resolve();

  /** Is called when there is something to drain. */
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
    return this.segments.events === 0;
  }

  /** Whether there are events that were not yet given out. */
  get hasUnread(): boolean {
    return this.segments.hasUnread;
  }

  /** Takes a directory of its own, and from now on over what dead processes have left in theirs. */
  async open(): Promise<void> {
    if (!this.isOn) return;
    await this.claim();
    const { directory, maxBytes, heartbeatMs = HEARTBEAT_MS } = this.options;
    this.logger.info({ directory: path.resolve(directory), maxBytes }, 'spool.opened');
    void this.tend();
    this.timer = setInterval(() => void this.tend(), heartbeatMs);
    this.timer.unref();
  }

  /** What lies here stays, for the next start or another process. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.tending;
    await this.own?.writer.seal();
    await this.own?.spoolDirectory.release();
    this.own = undefined;
  }

  /** The id of the event here that has this dedupe key, as soon as it is on disk; undefined where there is none. */
  find(key: string): Promise<string> | undefined {
    return this.keys.find(key);
  }

  /** The fingerprint of the request behind an event here, if it has one; undefined where the event is not here. */
  findFingerprint(key: string, id: string): { readonly requestFingerprint: string | undefined } | undefined {
    return this.keys.findFingerprint(key, id);
  }

  /**
   * Writes an event to disk, unless it repeats one that lies here.
   *
   * @returns the id of the event that stands for it.
   * @throws NotWritten where there is no room, or the disk fails.
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

  /** What was not yet given out, oldest first, for each process that wrote some. */
  sources(): AsyncGenerator<Spooled, void>[] {
    return this.segments.sources();
  }

  /** The event is in the queue. */
  async done({ event, from }: Spooled): Promise<void> {
    this.keys.forget(event);
    this.metrics.spooled.inc({ result: 'drained' });
    await this.segments.finish(from);
  }

  /** The queue takes others and not this one: it is laid aside, as a segment that can be put back. */
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

  /** How it is, for people and machines. */
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
      // Perhaps the directory was taken over: then there is another one in a moment.
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
    const began = this.segments.add.bind(this.segments);
    this.own = {
      spoolDirectory,
      writer: new SegmentWriter(spoolDirectory.directory, spoolDirectory.id, began, openFile),
    };
  }

  /** Shows that this process is alive, and looks for what others have left. */
  private tend(): Promise<void> {
    this.tending = this.tending.then(async () => {
      try {
        if (!(await this.opened().spoolDirectory.heartbeat())) await this.reclaim();
        // In the order of their names: that of each writer's segments.
        const takenOver = (await this.opened().spoolDirectory.takeOver()).toSorted();
        for (const name of takenOver) await this.takeIn(name);
        if (takenOver.length > 0) this.onEvents();
      } catch (err) {
        this.logger.warn({ err }, 'spool.heartbeat_failed');
      }
    });
    return this.tending;
  }

  /** Another process took this one for dead, and has all that lay here: this one begins anew. */
  private async reclaim(): Promise<void> {
    this.logger.warn({ events: this.segments.events }, 'spool.taken_over');
    this.segments.clear();
    this.keys.clear();
    await this.own?.writer.seal();
    await this.claim();
  }

  /** Counts what is in a segment of another process, and learns how repeats of it are recognised. */
  private async takeIn(name: string): Promise<void> {
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
    // Requests come first: a spool may be large.
    await nextTurn();
  }

  private opened(): { spoolDirectory: SpoolDirectory; writer: SegmentWriter } {
    if (!this.own) throw new NotWritten('the spool is not open');
    return this.own;
  }
}
