import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { momentOf } from './new-id.js';

/** The one id that follows another: a UUIDv7 that sorts after it, and the same whoever asks. */
export function successorIdOf(id: string): string {
  const random = createHash('sha256').update(`successor of ${id}`).digest().subarray(0, 16);
  return v7({ msecs: momentOf(id).getTime() + 1, seq: 0, random });
}
