import { createECDH, createPrivateKey, sign, type KeyObject } from 'node:crypto';

/** Push services take a token that ends within a day; this one serves for half of its twelve hours, in milliseconds. */
const LIFETIME_MS = 43_200_000;
const RENEW_AFTER_MS = 21_600_000;

export interface VapidSettings {
  /** The key pair, in base64url. */
  readonly publicKey: string;
  readonly privateKey: string;
  readonly subject: string;
}

/** Says who sends, by VAPID: https://www.rfc-editor.org/rfc/rfc8292 */
export class Vapid {
  private readonly publicKey: string;
  private readonly privateKey: KeyObject;
  private readonly subject: string;

  /** @throws Error that says what is wrong with the keys, never what they are. */
  constructor(
    settings: VapidSettings,
    private readonly now: () => number = Date.now,
  ) {
    const { point, key } = parse(settings);
    this.publicKey = point.toString('base64url');
    this.privateKey = key;
    this.subject = settings.subject;
  }

  /** The token of one origin, good for as long as it is asked for: signing takes longer than all the rest of a push. */
  authorizationFor(origin: string): VapidAuthorization {
    return new VapidAuthorization((now) => this.sign(origin, now), this.now);
  }

  private sign(origin: string, now: number): string {
    const exp = Math.floor((now + LIFETIME_MS) / 1_000);
    const header = encode({ typ: 'JWT', alg: 'ES256' });
    const claims = encode({ aud: origin, exp, sub: this.subject });
    const signature = sign('sha256', Buffer.from(`${header}.${claims}`), {
      key: this.privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return `vapid t=${header}.${claims}.${signature.toString('base64url')}, k=${this.publicKey}`;
  }
}

/** The `Authorization` header of one origin, signed anew every six hours. */
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

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function parse({ publicKey, privateKey }: VapidSettings): { point: Buffer; key: KeyObject } {
  const pair = createECDH('prime256v1');
  try {
    pair.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  } catch {
    throw new Error('privateKey is no key on P-256');
  }
  const point = pair.getPublicKey();
  if (!point.equals(Buffer.from(publicKey, 'base64url')))
    throw new Error('publicKey does not belong to privateKey');
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.toString('base64url', 1, 33),
    y: point.toString('base64url', 33),
    d: Buffer.from(privateKey, 'base64url').toString('base64url'),
  };
  return { point, key: createPrivateKey({ key: jwk, format: 'jwk' }) };
}
