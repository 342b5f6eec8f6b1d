import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { signEs256 } from './sign-es256.js';

/**
 * Apple takes a token for an hour, and another one no sooner than 20 minutes after the one before. One serves for a
 * period, and the periods are the same for everybody, in milliseconds.
 */
const PERIOD_MS = 1_500_000;
/** A period begins so much late by our clock, in milliseconds: where it is fast, the token is not from the future. */
const CLOCKS_APART_MS = 60_000;

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
 *
 * Apple counts the tokens of a key over all who use it. So all processes, on all hosts, send the same one: its time is
 * that of its period, and its signature hangs on key and content alone. Nothing has to be passed around for that.
 * https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns
 */
export class SigningKey {
  private held: { readonly value: string; readonly renewAt: number } | undefined;

  /** @throws Error that says what is wrong with the key, never what it is. */
  constructor(
    private readonly settings: SigningKeySettings,
    private readonly clock: Clock = { now: Date.now, steady: () => performance.now() },
    private readonly privateKey: Buffer = parse(settings.key),
  ) {}

  /** The token to send: that of the present period. */
  token(): string {
    if (!this.held || this.clock.steady() >= this.held.renewAt) this.held = this.sign();
    return this.held.value;
  }

  /**
   * Apple refused this token: it errs, the clocks differ, or the process was paused.
   *
   * @returns whether the period has another one.
   */
  refused(token: string): boolean {
    if (this.held?.value === token) this.held = this.sign();
    return this.held?.value !== token;
  }

  private sign(): { value: string; renewAt: number } {
    const { keyId, teamId } = this.settings;
    const now = this.clock.now() - CLOCKS_APART_MS;
    const began = Math.floor(now / PERIOD_MS) * PERIOD_MS;
    const content = `${encode({ alg: 'ES256', kid: keyId })}.${encode({ iss: teamId, iat: began / 1_000 })}`;
    return {
      value: `${content}.${signEs256(content, this.privateKey).toString('base64url')}`,
      renewAt: this.clock.steady() + began + PERIOD_MS - now,
    };
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

/** @returns the number that the key is. */
function parse(pem: string): Buffer {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error('key is no private key in PEM');
  }
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('key is not one on P-256');
  return Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
}
