import { setMaxListeners } from 'node:events';
import { ProviderUnavailable, SendAborted } from '../domain/outcome.js';

/** Renewed this long before its end, in milliseconds, while it still serves. */
const RENEW_AHEAD_MS = 300_000;
/** Not used any more this long before its end, in milliseconds: clocks differ, and a request takes time. */
const SPARE_MS = 30_000;
/** The pause between two renewals that failed while the old token still serves, in milliseconds. */
const RENEW_PAUSE_MS = 10_000;
/** A token that the vendor has never taken is kept so long, in milliseconds, lest every send fetches another. */
const UNTRUSTED_MS = 30_000;
/** Who has waited longer than this for a token, in milliseconds, does not begin: its claim may not last any more. */
const MAX_WAIT_MS = 9_000;

export interface AccessToken<V = string> {
  readonly value: V;
  /** How long it serves, in milliseconds. */
  readonly servesMs: number;
}

interface HeldToken<V> extends AccessToken<V> {
  readonly fetchedAt: number;
  readonly expiresAt: number;
  /** The vendor has answered a request that carried it otherwise than by refusing the token. */
  proven: boolean;
}

export interface AccessTokensOptions<V = string> {
  /** Asks for a new token, within a time. Its errors go to whoever waits. */
  readonly fetch: () => Promise<AccessToken<V>>;
  /** Unset: `performance.now()`, since a step of the clock makes no token older. */
  readonly now?: () => number;
}

/**
 * The access token of one account: fetched once, renewed ahead of its end, one fetch however many wait.
 *
 * `V` is what a request carries: a text of OAuth, or a set of keys. Objects are told apart by identity.
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
   * @throws what the fetch throws, where there is no token that still serves.
   * @throws ProviderUnavailable where it took too long; SendAborted
   */
  async get(signal: AbortSignal): Promise<V> {
    const { held } = this;
    const now = this.now();
    if (!held || now >= held.expiresAt - SPARE_MS) return this.wait(signal);
    if (now >= held.expiresAt - RENEW_AHEAD_MS && now >= this.renewNotBefore) this.renew(now);
    return held.value;
  }

  private async wait(signal: AbortSignal): Promise<V> {
    const askedAt = this.now();
    const { value } = await unlessAborted(this.fetch(), signal);
    // A fetch has a time limit; but a process that was paused hears of an answer before it hears of that.
    if (this.now() > askedAt + MAX_WAIT_MS) throw new ProviderUnavailable({ vendorCode: 'token_timeout' });
    return value;
  }

  /** The vendor has taken this token. */
  accepted(value: V): void {
    if (this.held?.value === value) this.held.proven = true;
  }

  /**
   * The vendor refused this token.
   *
   * @returns whether another token is worth a try: this one had served before, or has been replaced since. A token
   * that was fresh and is refused means that the account is wrong.
   */
  refused(value: V): boolean {
    const { held } = this;
    if (held?.value !== value) return true;
    if (held.proven || this.now() >= held.fetchedAt + UNTRUSTED_MS) this.held = undefined;
    return held.proven;
  }

  private renew(now: number): void {
    this.renewNotBefore = now + RENEW_PAUSE_MS;
    this.fetch().catch(() => undefined); // the old one serves; the next try is not far
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
    setMaxListeners(0, signal); // many sends may share one
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
