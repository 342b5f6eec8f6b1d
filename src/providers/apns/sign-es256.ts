import { createECDH, createHash, createHmac } from 'node:crypto';

/** The order of P-256. */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * Creates an ES256 signature (r and s, 32 bytes each) with a deterministic nonce (RFC 6979), so that all processes get
 * the same signature for the same message and key. Node offers only random nonces; the curve multiplication is Node's.
 *
 * @param key the private scalar, 32 bytes.
 */
export function signEs256(message: string, key: Buffer): Buffer {
  const digest = numberOf(createHash('sha256').update(message).digest());
  const secret = numberOf(key);
  for (const nonce of nonces(key, bytesOf(digest % N))) {
    const curve = createECDH('prime256v1');
    curve.setPrivateKey(nonce);
    // Uncompressed point: 4, x, y.
    const r = numberOf(curve.getPublicKey().subarray(1, 33)) % N;
    const s = (inverse(numberOf(nonce)) * ((digest + r * secret) % N)) % N;
    if (r !== 0n && s !== 0n) return Buffer.concat([bytesOf(r), bytesOf(s)]);
  }
  throw new Error('unreachable');
}

/** RFC 6979, section 3.2. All but one in 2^32 signatures use the first nonce. */
function* nonces(key: Buffer, digest: Buffer): Generator<Buffer> {
  let k = Buffer.alloc(32, 0);
  let v = Buffer.alloc(32, 1);
  const mac = (...parts: Buffer[]): Buffer<ArrayBuffer> =>
    Buffer.from(createHmac('sha256', k).update(Buffer.concat(parts)).digest());
  for (const step of [0, 1]) {
    k = mac(v, Buffer.from([step]), key, digest);
    v = mac(v);
  }
  for (;;) {
    v = mac(v);
    const nonce = numberOf(v);
    if (nonce > 0n && nonce < N) yield v;
    k = mac(v, Buffer.from([0]));
    v = mac(v);
  }
}

/** Fermat's little theorem: N is prime. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let power = value;
  for (let left = N - 2n; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * power) % N;
    power = (power * power) % N;
  }
  return result;
}

const numberOf = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);
const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
