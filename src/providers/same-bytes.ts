import { timingSafeEqual } from 'node:crypto';

/** Whether a signature is the expected one, in a time that tells nothing of either. */
export function sameBytes(actual: Buffer, expected: Buffer): boolean {
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
