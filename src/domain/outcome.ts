import type { ApnsEnvironment } from './apns-environment.js';
import type { Reason } from './reason.js';

/** How one attempt ended, as the ledger records it. */
export const ATTEMPT_OUTCOMES = [
  'accepted',
  'refused',
  'unavailable',
  'over_quota',
  'misconfigured',
  'unknown',
  'error',
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** The vendor has taken the message. */
export interface Accepted {
  readonly outcome: 'accepted';
  readonly vendorMessageId: string | null;
  /** The environment that turned out to be the device's, where its client had named none. */
  readonly environment?: ApnsEnvironment | undefined;
  /** The ids of all messages that a text was split into, where the vendor reports on each. */
  readonly partIds?: readonly string[] | undefined;
}

/** The vendor has decided not to take the message; trying again would change nothing. */
export interface Refused {
  readonly outcome: 'refused';
  readonly reason: Reason;
  readonly vendorCode: string;
  /** The address itself is dead: no later message to it can arrive. */
  readonly addressIsDead: boolean;
  /** Since when the vendor knows that it is dead; unset: since now. A registration after it stands. */
  readonly deadSince?: Date | undefined;
  /** The same is said where our own account is the wrong one: the address is dead only if the account is proven. */
  readonly accountMayBeWrong?: boolean | undefined;
  /** The same is said of an address of the vendor's other environment. */
  readonly environmentMayBeWrong?: boolean | undefined;
}

/** What a vendor decided. Where it could not decide, `send` throws one of the errors below. */
export type SendResult = Accepted | Refused;

export interface ProviderFault {
  /** The vendor's own code, or a word for the fault of the connection (`ECONNRESET`, `timeout`). */
  readonly vendorCode: string;
  /** How long the vendor asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** It is about this one address: others are reached through the same account as before. */
  readonly addressOnly?: boolean | undefined;
}

export interface OverQuotaFault extends ProviderFault {
  /** The vendor does not say whether it is about this address: where it says so of several, it is about the account. */
  readonly maybeAccount?: boolean | undefined;
}

export interface UnavailableFault extends ProviderFault {
  readonly mayHaveBeenSent?: boolean | undefined;
  /** No connection came about, or none took the request: it has nothing to do with the address. */
  readonly isUnreached?: boolean | undefined;
}

abstract class ProviderError extends Error {
  readonly vendorCode: string;
  readonly retryAfterMs: number | undefined;
  readonly addressOnly: boolean;

  constructor(fault: ProviderFault) {
    super(fault.vendorCode);
    this.name = new.target.name;
    this.vendorCode = fault.vendorCode;
    this.retryAfterMs = fault.retryAfterMs;
    this.addressOnly = fault.addressOnly ?? false;
  }
}

/** Time-out, 5xx, connection lost: the vendor did not decide. */
export class ProviderUnavailable extends ProviderError {
  /** The request had been written, so the vendor may have sent the message: the outcome is unknown, not failed. */
  readonly mayHaveBeenSent: boolean;
  readonly isUnreached: boolean;

  constructor(fault: UnavailableFault) {
    super(fault);
    this.mayHaveBeenSent = fault.mayHaveBeenSent ?? false;
    this.isUnreached = fault.isUnreached ?? false;
  }
}

/** 429: the vendor has not looked at the message; wait as told. */
export class ProviderOverQuota extends ProviderError {
  readonly maybeAccount: boolean;

  constructor(fault: OverQuotaFault) {
    super(fault);
    this.maybeAccount = fault.maybeAccount ?? false;
  }
}

/** Wrong credentials, wrong topic, no credit: no message will get through until an operator acts. */
export class ProviderMisconfigured extends ProviderError {
  readonly reason: Reason;
  /** It is our credentials that the vendor refuses. Where it took them before, it may be the one that errs. */
  readonly ofCredentials: boolean;

  constructor(fault: ProviderFault & { readonly reason?: Reason; readonly ofCredentials?: boolean }) {
    super(fault);
    this.reason = fault.reason ?? 'provider_misconfigured';
    this.ofCredentials = fault.ofCredentials ?? false;
  }
}

/** The process is stopping and the grace time is over. */
export class SendAborted extends Error {
  override readonly name = 'SendAborted';

  /** @param mayHaveBeenSent the request had been written; otherwise the attempt never happened. */
  constructor(readonly mayHaveBeenSent = false) {
    super();
  }
}
