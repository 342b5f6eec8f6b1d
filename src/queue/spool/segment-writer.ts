import { access, open, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../platform/errors/code-of.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { encodeRecord } from './segment-format.js';
import type { Segment } from './segment.js';

/** Everything that comes while one write is under way goes along with the next. */
const ONE_WRITE = { maxItems: 2_000, maxCalls: 1 };
/** A segment that has grown to this many bytes is followed by another; it is read in one go. */
const SEGMENT_BYTES = 4 * 1024 * 1024;

/** How files are opened; a test has some that fail. */
export type OpenFile = (file: string, flags: string, mode?: number) => Promise<FileHandle>;

/** A record could not be written: nothing was promised. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

/** The segment that is being written. */
interface OpenSegment {
  readonly handle: FileHandle;
  readonly segment: Segment;
}

/**
 * Appends records to the segments of one directory. All that come at the same time share one write and one
 * `fdatasync`, and none is promised before that.
 *
 * A segment in which a write or a sync has failed is not written to again: after a failed sync the system may have
 * dropped what it held in memory and call the next sync a success. What it had confirmed before stays.
 */
export class SegmentWriter {
  private readonly writes = new Batcher((records: readonly Buffer[]) => this.write(records), ONE_WRITE);
  private current: OpenSegment | undefined;
  private made = 0;
  /** Opening, writing and sealing, one after the other. */
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param origin names this writer's segments; no other writer has it.
   * @param began is told of each new segment when the first records are in it.
   */
  constructor(
    private readonly directory: string,
    private readonly origin: string,
    private readonly began: (segment: Segment) => void,
    private readonly openFile: OpenFile = open,
  ) {}

  /** @throws NotWritten where it is not on disk, or the directory has been taken from this process. */
  async append(payload: Buffer): Promise<void> {
    await this.writes.run(encodeRecord(payload));
  }

  /** Ends the segment that is being written, if it is this one: from then on it does not change. */
  async seal(segment?: Segment): Promise<void> {
    await this.inTurn(async () => {
      if (this.current && (!segment || this.current.segment === segment)) await this.leave(this.current);
    });
  }

  private write(records: readonly Buffer[]): Promise<void[]> {
    return this.inTurn(async () => {
      const bytes = Buffer.concat(records);
      const current = await this.openSegment().catch((error: unknown) => {
        throw new NotWritten(`no segment: ${codeOf(error) ?? 'failed'}`, { cause: error });
      });
      const { handle, segment } = current;
      try {
        await writeAll(handle, bytes, segment.bytes);
        await handle.datasync();
        // Whoever takes this process for dead renames its directory, and reads it after that: what is on disk while
        // it still has its name will be read (ADR 0030).
        await access(segment.file);
      } catch (error) {
        await this.abandon(current);
        throw new NotWritten(`${segment.name}: ${codeOf(error) ?? 'failed'}`, { cause: error });
      }
      if (segment.bytes === 0) this.began(segment);
      segment.bytes += bytes.length;
      segment.events += records.length;
      if (segment.bytes >= SEGMENT_BYTES) await this.leave(current);
      return records.map(() => undefined);
    });
  }

  private async openSegment(): Promise<OpenSegment> {
    if (this.current) return this.current;
    const sequence = this.made++;
    const name = `${this.origin}-${String(sequence).padStart(8, '0')}.seg`;
    const file = path.join(this.directory, name);
    const handle = await this.openFile(file, 'wx', 0o600);
    try {
      await syncDirectory(this.directory);
    } catch (error) {
      await handle.close();
      await unlink(file);
      throw error;
    }
    const segment: Segment = { origin: this.origin, name, file, bytes: 0, events: 0 };
    this.current = { handle, segment };
    return this.current;
  }

  private async leave({ handle }: OpenSegment): Promise<void> {
    this.current = undefined;
    await handle.close().catch(() => undefined);
  }

  /** Cuts off what was not confirmed, so that it is not taken for an event that somebody was told is stored. */
  private async abandon(failed: OpenSegment): Promise<void> {
    const { bytes, file } = failed.segment;
    await failed.handle.truncate(bytes).catch(() => undefined);
    await this.leave(failed);
    if (bytes === 0) await unlink(file).catch(() => undefined);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Makes a new file's name durable. Windows has no such call, and does so by itself. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
