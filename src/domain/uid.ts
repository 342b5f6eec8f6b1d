const UID = /^[^\s\p{Cc}\p{Cs}]{1,100}$/u;

/**
 * A person's id as it is stored and compared: CometChat lower-cases its uids, so we do, too.
 *
 * @returns undefined where it is empty, longer than 100 characters, or has white space or control characters.
 */
export function normaliseUid(value: string): string | undefined {
  const uid = foldId(value);
  return UID.test(uid) ? uid : undefined;
}

/**
 * An id of CometChat's as it is compared: `A` to `Z` in lower case, and nothing else. Unicode has further letters whose
 * small ones are among `a` to `z`, such as the KELVIN SIGN: two persons would become one.
 */
export function foldId(value: string): string {
  return value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
