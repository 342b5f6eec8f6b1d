import { readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from '../../platform/errors/code-of.js';
import type { SendNotification } from '../jobs.js';
import { decodeSegment, encodeRecord } from './segment-format.js';
import { DEAD_LETTER, isSegment } from './spool-directory.js';
import { decodeEvent } from './spooled-event.js';

/** Result of `eraseSpooled`. */
export interface ErasedFromSpool {
  /** Events removed from dead-lettered segments. */
  readonly removed: number;
  /** Events that wait for the queue's store, and stay. */
  readonly waiting: number;
}

/**
 * Removes events from the dead-lettered segments of a spool, and counts those in segments that are still to be drained:
 * their writer holds them open. Damaged parts of a segment are dropped if they contain `mark`.
 *
 * @param root directory of the spool, shared by the processes of a machine.
 * @param isMeant selects events by the payload of their job.
 * @param mark text by which a damaged record is recognised.
 */
export async function eraseSpooled(
  root: string,
  isMeant: (data: SendNotification) => boolean,
  mark: string,
): Promise<ErasedFromSpool> {
  const entries = await unlessGone(readdir(root, { recursive: true, withFileTypes: true }), []);
  const result = { removed: 0, waiting: 0 };
  for (const { parentPath, name } of entries.filter((entry) => entry.isFile() && isSegment(entry.name))) {
    const file = path.join(parentPath, name);
    const bytes = await unlessGone(readFile(file), Buffer.alloc(0));
    const { payloads, damagedBytes, tornBytes } = decodeSegment(bytes);
    const others = payloads.filter((payload) => {
      const event = decodeEvent(payload);
      return event ? !isMeant(event.job.data) : !payload.includes(mark);
    });
    const mine = payloads.length - others.length;
    if (path.basename(parentPath) !== DEAD_LETTER) {
      result.waiting += mine;
      continue;
    }
    const isDamaged = damagedBytes + tornBytes > 0 && withoutRecords(bytes, payloads).includes(mark);
    if (mine === 0 && !isDamaged) continue;
    await replace(file, others);
    result.removed += Math.max(mine, 1);
  }
  return result;
}

/** A segment's bytes with the payloads of its intact records blanked. */
function withoutRecords(bytes: Buffer, payloads: readonly Buffer[]): Buffer {
  const rest = Buffer.from(bytes);
  for (const payload of payloads) {
    // A payload is a view of the segment.
    const at = payload.byteOffset - bytes.byteOffset;
    rest.fill(0, at, at + payload.length);
  }
  return rest;
}

async function replace(file: string, payloads: readonly Buffer[]): Promise<void> {
  if (payloads.length === 0) return unlessGone(unlink(file), undefined);
  const next = `${file}.new`;
  await writeFile(next, Buffer.concat(payloads.map(encodeRecord)), { mode: 0o600, flush: true });
  await rename(next, file);
}

async function unlessGone<T>(work: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return otherwise;
    throw error;
  }
}
