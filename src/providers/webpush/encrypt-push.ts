import { createCipheriv, createECDH, hkdfSync, randomBytes, type ECDH } from 'node:crypto';

/** The keys of a subscription, in base64url, as the browser hands them out. */
export interface SubscriptionKeys {
  readonly p256dh: string;
  readonly auth: string;
}

const SALT_BYTES = 16;
const POINT_BYTES = 65;
/** One record holds it all: push services take no more than this. */
const RECORD_BYTES = 4_096;
/** Says that this is the last record (RFC 8188, section 2). */
const LAST_RECORD = Buffer.from([2]);

/**
 * Encrypts a push for one browser: https://www.rfc-editor.org/rfc/rfc8291#section-3.4, as a body of the content coding
 * `aes128gcm` of RFC 8188.
 *
 * @throws Error where the keys are none.
 */
export function encryptPush(
  plaintext: Uint8Array,
  { p256dh, auth }: SubscriptionKeys,
  salt: Buffer = randomBytes(SALT_BYTES),
  sender: ECDH = newKeys(),
): Buffer {
  const receiverKey = Buffer.from(p256dh, 'base64url');
  const senderKey = sender.getPublicKey();
  const shared = sender.computeSecret(receiverKey);
  const keyInfo = Buffer.concat([Buffer.from('WebPush: info\0'), receiverKey, senderKey]);
  const secret = derive(shared, Buffer.from(auth, 'base64url'), keyInfo, 32);
  const key = derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12);
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  const head = Buffer.alloc(SALT_BYTES + 5);
  salt.copy(head);
  head.writeUInt32BE(RECORD_BYTES, SALT_BYTES);
  head.writeUInt8(POINT_BYTES, SALT_BYTES + 4);
  return Buffer.concat([
    head,
    senderKey,
    cipher.update(plaintext),
    cipher.update(LAST_RECORD),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

function derive(secret: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, bytes));
}

function newKeys(): ECDH {
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  return keys;
}
