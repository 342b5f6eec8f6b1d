import { v7 } from 'uuid';

/** A UUIDv7: sorts by the time it was made, to the millisecond and, within a process, in order. */
export function newId(atMs?: number): string {
  return atMs === undefined ? v7() : v7({ msecs: atMs });
}

/** The lowest UUIDv7 of a moment: ids made before it sort below, ids made at or after it do not. */
export function firstIdAt(moment: Date): string {
  const hex = moment.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}
