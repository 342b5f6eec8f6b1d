import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { v7 } from 'uuid';

/** Counter bits of a UUIDv7 after its time; the counter starts at a random value in its lower half. */
const COUNTER_BITS = 26;
const START_MASK = 2 ** (COUNTER_BITS - 1) - 1;
const LOW_BITS = 14;
let lastMs = 0;
let timeHex = '';
let counter = 0;

/** Creates a UUIDv7. Ids sort by time to the millisecond and, within a process, by order of creation. */
export function newId(atMs?: number): string {
  return atMs === undefined ? nextId() : v7({ msecs: atMs });
}

/** The random part comes from a UUIDv4, for which Node buffers random bytes; requesting a few bytes each time is slow. */
function nextId(): string {
  const random = randomUUID();
  const now = Date.now();
  if (now > lastMs) startAt(now, random);
  else if (++counter >= 2 ** COUNTER_BITS) startAt(lastMs + 1, random);
  const high = (0x7000 | (counter >>> LOW_BITS)).toString(16);
  const low = (0x8000 | (counter & (2 ** LOW_BITS - 1))).toString(16);
  return `${timeHex}-${high}-${low}-${random.slice(24)}`;
}

function startAt(ms: number, random: string): void {
  lastMs = ms;
  const hex = ms.toString(16).padStart(12, '0');
  timeHex = `${hex.slice(0, 8)}-${hex.slice(8)}`;
  counter = Number.parseInt(random.slice(0, 8), 16) & START_MASK;
}

/** Bytes of a fingerprint that an id has room for beside the time and 31 random bits. */
const FINGERPRINT_BYTES = 5;

/**
 * A UUIDv7 that ends in a part of a fingerprint. The release before this one recognises requests by it, and may run
 * beside it: the next release deletes this and `isIdFor` (ADR 0016).
 */
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

/** Creates a UUIDv7 that does not sort before another id, even if that one's clock was ahead. */
export function newIdAfter(other: string): string {
  const atMs = momentOf(other).getTime();
  return atMs < Date.now() ? newId() : newId(atMs + 1);
}

/** Derives a UUIDv7 from another id and a name; it sorts after that id. */
export function idFrom(other: string, name: string): string {
  const random = createHash('sha256').update(`${other} ${name}`).digest().subarray(0, 16);
  return v7({ msecs: momentOf(other).getTime() + 1, random });
}

/** The id of the delivery that replaces another one; equal in every process. */
export const successorIdOf = (id: string): string => idFrom(id, 'successor');

/** The time of a UUIDv7. */
export function momentOf(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** The lowest UUIDv7 of a time. Earlier ids sort below it. */
export function firstIdAt(moment: Date): string {
  const hex = moment.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}
