import webPush from 'web-push';

/** The keys of a subscription in base64url, as browsers provide them. */
export interface SubscriptionKeys {
  readonly p256dh: string;
  readonly auth: string;
}

/**
 * Encrypts a push for a browser (RFC 8291) with the content coding `aes128gcm` (RFC 8188).
 *
 * @throws Error if the keys are invalid.
 */
export function encryptPush(plaintext: Buffer, { p256dh, auth }: SubscriptionKeys): Buffer {
  return webPush.encrypt(p256dh, auth, plaintext, 'aes128gcm').cipherText;
}
