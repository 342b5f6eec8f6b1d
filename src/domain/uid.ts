const UID = /^[^\s\p{Cc}\p{Zs}]{1,100}$/u;

/** A CometChat uid as it is stored, in lower case; undefined where the text cannot be one. */
export function normaliseUid(value: string): string | undefined {
  const uid = value.toLowerCase();
  return UID.test(uid) ? uid : undefined;
}
