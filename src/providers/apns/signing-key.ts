import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { signEs256 } from './sign-es256.js';

/**
 * Token period in milliseconds, the same in all processes. Apple accepts a token for an hour and a new one at most
 * every 20 minutes.
 */
const PERIOD_MS = 1_500_000;
/**
 * Delay of a period's start by the local clock, in milliseconds, so that a fast clock does not issue tokens from the
 * future.
 */
const CLOCK_TOLERANCE_MS = 60_000;

export interface SigningKeySettings {
  /** The .p8 file, as PEM. */
  readonly key: string;
  readonly keyId: string;
  readonly teamId: string;
}

/** `now` is the wall clock for Apple; `steady` is monotonic and measures a token's age. Both in milliseconds. */
interface Clock {
  readonly now: () => number;
  readonly steady: () => number;
}

/**
 * A team's signing key and its current provider token.
 *
 * Apple limits token renewals per key. All processes on all hosts therefore send the same token without coordination:
 * its timestamp is that of the period, and its signature depends on key and content only.
 * https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns
 */
export class SigningKey {
  private held: { readonly value: string; readonly renewAt: number } | undefined;

  /** @throws Error that describes the fault without showing the key. */
  constructor(
    private readonly settings: SigningKeySettings,
    private readonly clock: Clock = { now: Date.now, steady: () => performance.now() },
    private readonly privateKey: Buffer = parse(settings.key),
  ) {}

  /** The token of the current period. */
  token(): string {
    if (!this.held || this.clock.steady() >= this.held.renewAt) this.held = this.sign();
    return this.held.value;
  }

  /**
   * Handles a token that Apple refused: Apple is wrong, the clocks differ, or the process was paused.
   *
   * @returns whether the current period has a different token.
   */
  refused(token: string): boolean {
    if (this.held?.value === token) this.held = this.sign();
    return this.held?.value !== token;
  }

  private sign(): { value: string; renewAt: number } {
    const { keyId, teamId } = this.settings;
    const now = this.clock.now() - CLOCK_TOLERANCE_MS;
    const began = Math.floor(now / PERIOD_MS) * PERIOD_MS;
    const content = `${encode({ alg: 'ES256', kid: keyId })}.${encode({ iss: teamId, iat: began / 1_000 })}`;
    return {
      value: `${content}.${signEs256(content, this.privateKey).toString('base64url')}`,
      renewAt: this.clock.steady() + began + PERIOD_MS - now,
    };
  }
}

const known = new Map<string, SigningKey>();

/** The signing key of these settings, shared by all accounts in the process because Apple counts tokens per key. */
export function signingKeyOf(settings: SigningKeySettings): SigningKey {
  const { key, keyId, teamId } = settings;
  const id = [teamId, keyId, createHash('sha256').update(key).digest('hex')].join(' ');
  const made = known.get(id) ?? new SigningKey({ key, keyId, teamId });
  known.set(id, made);
  return made;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** @returns the private scalar. */
function parse(pem: string): Buffer {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error('key is not a private key in PEM');
  }
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('key is not on P-256');
  return Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
}
