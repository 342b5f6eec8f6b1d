import { access, open, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../platform/errors/code-of.js';
import { Batcher } from '../../platform/batching/batcher.js';
import { encodeRecord } from './segment-format.js';
import type { Segment } from './segment.js';

/** Records that arrive during a write share the next one. */
const ONE_WRITE = { maxItems: 2_000, maxCalls: 1 };
/** A segment of this size is followed by another, because a whole segment is read into memory. */
const SEGMENT_BYTES = 4 * 1024 * 1024;

/** Opens a file; tests inject failures. */
export type OpenFile = (file: string, flags: string, mode?: number) => Promise<FileHandle>;

/** A record could not be written and is not acknowledged. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

/** Segment being written. */
interface OpenSegment {
  readonly handle: FileHandle;
  readonly segment: Segment;
}

/**
 * Appends records to the segments of one directory. Concurrent records share one write and one `fdatasync`, and are
 * acknowledged only after it.
 *
 * A segment with a failed write or sync is closed: after a failed sync, the system may drop the data from memory and
 * report success for the next sync. Records that were confirmed earlier stay.
 */
export class SegmentWriter {
  private readonly writes = new Batcher((records: readonly Buffer[]) => this.write(records), ONE_WRITE);
  private current: OpenSegment | undefined;
  private sequence = 0;
  /** Opening, writing and sealing run one after the other. */
  private lastStep: Promise<unknown> = Promise.resolve();

  /**
   * @param origin prefix of the writer's segments, unique per writer.
   * @param onSegment called for each new segment once its first records are stored.
   */
  constructor(
    private readonly directory: string,
    private readonly origin: string,
    private readonly onSegment: (segment: Segment) => void,
    private readonly openFile: OpenFile = open,
  ) {}

  /** @throws NotWritten if the record is not on disk, or another process took over the directory. */
  async append(payload: Buffer): Promise<void> {
    await this.writes.run(encodeRecord(payload));
  }

  /** Closes the current segment, or this one if it is current. A closed segment does not change. */
  async seal(segment?: Segment): Promise<void> {
    await this.serialized(async () => {
      if (this.current && (!segment || this.current.segment === segment))
        await this.closeSegment(this.current);
    });
  }

  private write(records: readonly Buffer[]): Promise<void[]> {
    return this.serialized(async () => {
      const bytes = Buffer.concat(records);
      const current = await this.openSegment().catch((error: unknown) => {
        throw new NotWritten(`no segment: ${codeOf(error) ?? 'failed'}`, { cause: error });
      });
      const { handle, segment } = current;
      try {
        await writeAll(handle, bytes, segment.bytes);
        await handle.datasync();
        // A process that considers this one dead renames its directory before it reads it: data written under the
        // old name is read (ADR 0030).
        await access(segment.file);
      } catch (error) {
        await this.abandon(current);
        throw new NotWritten(`${segment.name}: ${codeOf(error) ?? 'failed'}`, { cause: error });
      }
      if (segment.bytes === 0) this.onSegment(segment);
      segment.bytes += bytes.length;
      segment.events += records.length;
      if (segment.bytes >= SEGMENT_BYTES) await this.closeSegment(current);
      return records.map(() => undefined);
    });
  }

  private async openSegment(): Promise<OpenSegment> {
    if (this.current) return this.current;
    const sequence = this.sequence++;
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

  private async closeSegment({ handle }: OpenSegment): Promise<void> {
    this.current = undefined;
    await handle.close().catch(() => undefined);
  }

  /** Truncates unconfirmed records, so that they are not delivered as acknowledged ones. */
  private async abandon(failed: OpenSegment): Promise<void> {
    const { bytes, file } = failed.segment;
    await failed.handle.truncate(bytes).catch(() => undefined);
    await this.closeSegment(failed);
    if (bytes === 0) await unlink(file).catch(() => undefined);
  }

  private serialized<T>(work: () => Promise<T>): Promise<T> {
    const done = this.lastStep.then(work);
    this.lastStep = done.catch(() => undefined);
    return done;
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Makes a new file's name durable, which Windows does by itself. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
