/** The uid in the ledger of somebody who is known by number only: the sender of an inbound SMS. */
export const UNKNOWN_SENDER = 'unknown-sender';

const UID = /^[^\s\p{Cc}\p{Cs}]{1,100}$/u;

/**
 * Normalizes a uid for storage and comparison. CometChat lower-cases uids.
 *
 * @returns undefined if it is empty, longer than 100 characters, or contains white space or control characters.
 */
export function normaliseUid(value: string): string | undefined {
  const uid = foldId(value);
  return UID.test(uid) ? uid : undefined;
}

/**
 * Lower-cases `A` to `Z` only. Other Unicode letters, such as the KELVIN SIGN, also lower-case to `a` to `z` and would
 * merge two users.
 */
export function foldId(value: string): string {
  return value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
