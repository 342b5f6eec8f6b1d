import { createECDH } from 'node:crypto';
import webPush from 'web-push';

/** Token lifetime in milliseconds; renewed after half of it. Push services accept at most a day. */
const LIFETIME_MS = 43_200_000;
const RENEW_AFTER_MS = 21_600_000;

/** Key pair in base64url. */
export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface VapidSettings extends VapidKeys {
  readonly subject: string;
}

/** Identifies the sender by VAPID: https://www.rfc-editor.org/rfc/rfc8292 */
export class Vapid {
  private readonly settings: VapidSettings;

  /** @throws Error that describes the fault without showing the keys. */
  constructor(
    settings: VapidSettings,
    private readonly now: () => number = Date.now,
  ) {
    this.settings = { ...checkedKeys(settings), subject: settings.subject };
  }

  /** A cached token for an origin: signing takes longer than the rest of a push. */
  authorizationFor(origin: string): VapidAuthorization {
    return new VapidAuthorization((now) => this.sign(origin, now), this.now);
  }

  private sign(origin: string, now: number): string {
    const { subject, publicKey, privateKey } = this.settings;
    const exp = Math.floor((now + LIFETIME_MS) / 1_000);
    return webPush.getVapidHeaders(origin, subject, publicKey, privateKey, 'aes128gcm', exp).Authorization;
  }
}

/** The `Authorization` header for an origin, signed again every six hours. */
export class VapidAuthorization {
  private held: { readonly value: string; readonly signedAt: number } | undefined;

  constructor(
    private readonly makeHeader: (now: number) => string,
    private readonly now: () => number,
  ) {}

  header(): string {
    const now = this.now();
    if (!this.held || now >= this.held.signedAt + RENEW_AFTER_MS)
      this.held = { value: this.makeHeader(now), signedAt: now };
    return this.held.value;
  }
}

const PRIVATE_KEY_BYTES = 32;

/**
 * Validates the key pair and converts it to the library's format: unpadded base64url, full length.
 *
 * @throws Error that describes the fault without showing the keys.
 */
export function checkedKeys({ publicKey, privateKey }: VapidKeys): VapidKeys {
  const pair = createECDH('prime256v1');
  const scalar = Buffer.from(privateKey, 'base64url');
  try {
    pair.setPrivateKey(scalar);
  } catch {
    throw new Error('privateKey is not a key on P-256');
  }
  const point = pair.getPublicKey();
  if (!point.equals(Buffer.from(publicKey, 'base64url')))
    throw new Error('publicKey does not belong to privateKey');
  const padded = Buffer.concat([Buffer.alloc(PRIVATE_KEY_BYTES), scalar]).subarray(-PRIVATE_KEY_BYTES);
  return { publicKey: point.toString('base64url'), privateKey: padded.toString('base64url') };
}
