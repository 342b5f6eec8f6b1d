import { setMaxListeners } from 'node:events';
import { ProviderUnavailable, SendAborted } from '../domain/outcome.js';

/** Time before expiry at which a token is renewed in the background, in milliseconds. */
const RENEW_AHEAD_MS = 300_000;
/**
 * Time before expiry after which a token is no longer used, in milliseconds: clocks differ, and a request takes time.
 */
const EXPIRY_MARGIN_MS = 30_000;
/** Minimum time between failed background renewals, in milliseconds. */
const RENEW_PAUSE_MS = 10_000;
/**
 * Minimum lifetime of a token that the vendor has never accepted, in milliseconds; without it, every send would fetch
 * another.
 */
const UNTRUSTED_MS = 30_000;
/**
 * Maximum wait for a token, in milliseconds; after it the delivery's claim may have expired, so the send does not
 * start.
 */
const MAX_WAIT_MS = 9_000;

export interface AccessToken<V = string> {
  readonly value: V;
  /** Lifetime in milliseconds. */
  readonly servesMs: number;
}

interface HeldToken<V> extends AccessToken<V> {
  readonly fetchedAt: number;
  readonly expiresAt: number;
  /** The vendor accepted the token, whatever else it answered. */
  proven: boolean;
}

export interface AccessTokensOptions<V = string> {
  /** Fetches a new token within its own time limit. Errors are passed to all waiting callers. */
  readonly fetch: () => Promise<AccessToken<V>>;
  /** Unset: `performance.now()`, which clock steps do not affect. */
  readonly now?: () => number;
}

/**
 * The access token of an account. It is renewed before it expires, and concurrent callers share a fetch.
 *
 * `V` is the credential that a request carries: an OAuth token or a set of keys. Objects are compared by identity.
 */
export class AccessTokens<V = string> {
  private held: HeldToken<V> | undefined;
  private fetching: Promise<HeldToken<V>> | undefined;
  private renewNotBefore = 0;
  private readonly now: () => number;

  constructor(private readonly options: AccessTokensOptions<V>) {
    this.now = options.now ?? (() => performance.now());
  }

  /**
   * @throws the error of the fetch if there is no usable token.
   * @throws ProviderUnavailable if the fetch took too long.
   * @throws SendAborted
   */
  async get(signal: AbortSignal): Promise<V> {
    const { held } = this;
    const now = this.now();
    if (!held || now >= held.expiresAt - EXPIRY_MARGIN_MS) return this.wait(signal);
    if (now >= held.expiresAt - RENEW_AHEAD_MS && now >= this.renewNotBefore) this.renew(now);
    return held.value;
  }

  private async wait(signal: AbortSignal): Promise<V> {
    const askedAt = this.now();
    const { value } = await unlessAborted(this.fetch(), signal);
    // After a pause of the process, the response is processed before the fetch's timer.
    if (this.now() > askedAt + MAX_WAIT_MS) throw new ProviderUnavailable({ vendorCode: 'token_timeout' });
    return value;
  }

  /** Records that the vendor accepted this token. */
  accepted(value: V): void {
    if (this.held?.value === value) this.held.proven = true;
  }

  /**
   * Records that the vendor refused this token.
   *
   * @returns whether a retry may succeed: the token had been accepted before, or has been replaced since. If a new
   * token is refused, the account is misconfigured.
   */
  refused(value: V): boolean {
    const { held } = this;
    if (held?.value !== value) return true;
    if (held.proven || this.now() >= held.fetchedAt + UNTRUSTED_MS) this.held = undefined;
    return held.proven;
  }

  private renew(now: number): void {
    this.renewNotBefore = now + RENEW_PAUSE_MS;
    this.fetch().catch(() => undefined); // the current token remains valid; renewal is retried
  }

  private fetch(): Promise<HeldToken<V>> {
    this.fetching ??= this.fetchAndHold().finally(() => {
      this.fetching = undefined;
    });
    return this.fetching;
  }

  private async fetchAndHold(): Promise<HeldToken<V>> {
    const token = await this.options.fetch();
    const fetchedAt = this.now();
    this.held = { ...token, fetchedAt, expiresAt: fetchedAt + token.servesMs, proven: false };
    return this.held;
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new SendAborted());
    setMaxListeners(0, signal); // sends share a signal
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
