import type { OpenBreaker, ProviderAccount } from '../deliveries/provider-state.repository.js';

/** The state of an account that is not closed, as this process knows it. */
export interface BreakerEntry {
  readonly account: ProviderAccount;
  readonly state: OpenBreaker['state'];
  /** End of a pause, and time of the next probe, by the monotonic `performance.now()`. */
  readonly until: number;
  readonly probeAt: number;
  readonly failures: number;
  readonly failedAddress: string | null;
  /** When it was written to or read from the database; unset: not yet. */
  readonly recordedAt?: number;
}

/** Milliseconds until the account may be probed or its pause ends. */
export function timeLeft({ state, until, probeAt }: BreakerEntry, laterMs = 0): number {
  const at = probeAt + laterMs;
  return (state === 'paused' ? Math.min(at, until) : at) - performance.now();
}
