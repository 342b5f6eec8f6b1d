const UID = /^[^\s\p{Cc}\p{Cs}]{1,100}$/u;

/**
 * A person's id as it is stored and compared: CometChat lower-cases its uids, so we do, too.
 *
 * @returns undefined where it is empty, longer than 100 characters, or has white space or control characters.
 */
export function normaliseUid(value: string): string | undefined {
  const uid = value.toLowerCase();
  return UID.test(uid) ? uid : undefined;
}
