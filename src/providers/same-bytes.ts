import { timingSafeEqual } from 'node:crypto';

/** Compares a signature with the expected one in constant time. */
export function sameBytes(actual: Buffer, expected: Buffer): boolean {
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
