import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** A UUIDv7: sorts by the time it was made, to the millisecond and, within a process, in order. */
export function newId(atMs?: number): string {
  return atMs === undefined ? v7() : v7({ msecs: atMs });
}

/** Bytes of a fingerprint that an id has room for beside the time and 31 random bits. */
const FINGERPRINT_BYTES = 5;

/** A UUIDv7 that tells what it was made for: two fingerprints look alike once in a million million. */
export function newIdFor(fingerprint: Buffer): string {
  const random = Buffer.concat([
    randomBytes(16 - FINGERPRINT_BYTES),
    fingerprint.subarray(0, FINGERPRINT_BYTES),
  ]);
  return v7({ random });
}

/** Whether an id that `newIdFor` made was made for this fingerprint. */
export function isIdFor(id: string, fingerprint: Buffer): boolean {
  return id.endsWith(fingerprint.subarray(0, FINGERPRINT_BYTES).toString('hex'));
}

/** A UUIDv7 of this moment that does not sort before another id, however the clock that made that one was set. */
export function newIdAfter(other: string): string {
  const atMs = momentOf(other).getTime();
  return atMs < Date.now() ? newId() : newId(atMs + 1);
}

/** When a UUIDv7 was made. */
export function momentOf(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** The lowest UUIDv7 of a moment: ids made before it sort below, ids made at or after it do not. */
export function firstIdAt(moment: Date): string {
  const hex = moment.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}
