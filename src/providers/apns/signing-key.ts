import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';

/** Apple takes a token for an hour, and a new one no sooner than 20 minutes after the one before, in milliseconds. */
const RENEW_AFTER_MS = 3_000_000;
const MIN_AGE_MS = 1_200_000;

export interface SigningKeySettings {
  /** The .p8 file, as PEM. */
  readonly key: string;
  readonly keyId: string;
  readonly teamId: string;
}

/** The time as Apple is told it, and one that no step of the clock moves, for how old a token is; in milliseconds. */
interface Clock {
  readonly now: () => number;
  readonly steady: () => number;
}

/**
 * A signing key of a team, and the one provider token that is in use with it.
 * https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns
 */
export class SigningKey {
  private held: { readonly value: string; readonly signedAt: number } | undefined;

  /** @throws Error that says what is wrong with the key, never what it is. */
  constructor(
    private readonly settings: SigningKeySettings,
    private readonly clock: Clock = { now: Date.now, steady: () => performance.now() },
    private readonly privateKey: KeyObject = parse(settings.key),
  ) {}

  /** The token to send, renewed after 50 minutes. */
  token(): string {
    if (!this.held || this.clock.steady() >= this.held.signedAt + RENEW_AFTER_MS) this.held = this.sign();
    return this.held.value;
  }

  /**
   * Apple called this token expired: the clocks differ, or the process was paused.
   *
   * @returns whether there is another one to try with. None is made sooner than 20 minutes after the one before.
   */
  expired(token: string): boolean {
    if (this.held?.value !== token) return true;
    if (this.clock.steady() < this.held.signedAt + MIN_AGE_MS) return false;
    this.held = undefined;
    return true;
  }

  private sign(): { value: string; signedAt: number } {
    const { keyId, teamId } = this.settings;
    const header = encode({ alg: 'ES256', kid: keyId });
    const claims = encode({ iss: teamId, iat: Math.floor(this.clock.now() / 1_000) });
    const signature = sign('sha256', Buffer.from(`${header}.${claims}`), {
      key: this.privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    return { value: `${header}.${claims}.${signature.toString('base64url')}`, signedAt: this.clock.steady() };
  }
}

const known = new Map<string, SigningKey>();

/**
 * The signing key of these settings, one for the whole process: Apple counts the tokens of a key, whichever account of
 * ours uses it.
 */
export function signingKeyOf(settings: SigningKeySettings): SigningKey {
  const { key, keyId, teamId } = settings;
  const id = [teamId, keyId, createHash('sha256').update(key).digest('hex')].join(' ');
  const made = known.get(id) ?? new SigningKey({ key, keyId, teamId });
  known.set(id, made);
  return made;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function parse(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error('key is no private key in PEM');
  }
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('key is not one on P-256');
  return key;
}
