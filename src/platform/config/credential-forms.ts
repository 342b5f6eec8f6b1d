/** An API key of which only the hash is configured. */
export const HASHED_KEY = /^sha256:([0-9a-f]{64})$/i;

/** A hashed password: `sha256:<hex>` or `scrypt:<N>:<r>:<p>:<salt>:<hash>`, both of the last in base64. */
const SCRYPT = /^scrypt:(\d{1,7}):(\d{1,2}):(\d{1,2}):([A-Za-z0-9+/]{11,}={0,2}):([A-Za-z0-9+/]{22,}={0,2})$/;

/** Limit of scrypt's memory (128 · N · r bytes), because it is used by anyone who sends a password. */
const MAX_SCRYPT_BYTES = 67_108_864;
const MIN_SCRYPT_N = 1_024;
const MAX_SCRYPT_P = 16;

export type PasswordHash =
  | { readonly kind: 'sha256'; readonly hash: Buffer }
  | {
      readonly kind: 'scrypt';
      readonly cost: number;
      readonly blockSize: number;
      readonly parallelization: number;
      readonly salt: Buffer;
      readonly hash: Buffer;
    };

/** @returns undefined if the text is not a hashed password. */
export function readPasswordHash(text: string): PasswordHash | undefined {
  const hex = HASHED_KEY.exec(text)?.[1];
  if (hex !== undefined) return { kind: 'sha256', hash: Buffer.from(hex, 'hex') };
  const [, n, r, p, salt = '', hash = ''] = SCRYPT.exec(text) ?? [];
  if (n === undefined) return undefined;
  const [cost, blockSize, parallelization] = [Number(n), Number(r), Number(p)];
  const isCost =
    cost >= MIN_SCRYPT_N && Number.isInteger(Math.log2(cost)) && 128 * cost * blockSize <= MAX_SCRYPT_BYTES;
  if (!isCost || blockSize < 1 || parallelization < 1 || parallelization > MAX_SCRYPT_P) return undefined;
  return {
    ...{ kind: 'scrypt', cost, blockSize, parallelization },
    ...{ salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') },
  };
}
