import type { ApnsEnvironment } from './apns-environment.js';
import type { Reason } from './reason.js';

/** Outcome of an attempt, as recorded in the ledger. */
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

/** The vendor's answer to an attempt, for the people who ask what became of it. */
export interface VendorAnswer {
  readonly httpStatus?: number | undefined;
  /** The vendor's own words; unmasked. */
  readonly text?: string | undefined;
  /** The id by which the vendor finds the request, if it is not the message id. */
  readonly traceId?: string | undefined;
}

/** The vendor accepted the message. */
export interface Accepted {
  readonly outcome: 'accepted';
  readonly vendorMessageId: string | null;
  readonly answer?: VendorAnswer | undefined;
  /** The device's APNs environment, found by trial because its client named none. */
  readonly environment?: ApnsEnvironment | undefined;
  /** Message ids of all parts of an SMS, if the vendor reports on each. */
  readonly partIds?: readonly string[] | undefined;
}

/** The vendor refused the message; a retry would get the same answer. */
export interface Refused {
  readonly outcome: 'refused';
  readonly reason: Reason;
  readonly vendorCode: string;
  /** The address is dead: it can receive no further message. */
  readonly addressIsDead: boolean;
  /** When the vendor found it dead; unset: now. Later registrations remain valid. */
  readonly deadSince?: Date | undefined;
  /** A wrong account gets the same answer: the address is dead only if the account is proven. */
  readonly accountMayBeWrong?: boolean | undefined;
  /** An address of the vendor's other environment gets the same answer. */
  readonly environmentMayBeWrong?: boolean | undefined;
  readonly answer?: VendorAnswer | undefined;
}

/** The vendor's decision. `send` throws one of the errors below if there is none. */
export type SendResult = Accepted | Refused;

export interface ProviderFault {
  /** The vendor's code, or that of the connection error (`ECONNRESET`, `timeout`). */
  readonly vendorCode: string;
  /** The vendor's `Retry-After` in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Concerns this address only; the account still reaches others. */
  readonly addressOnly?: boolean | undefined;
  /** Unset if no answer arrived. */
  readonly answer?: VendorAnswer | undefined;
}

export interface OverQuotaFault extends ProviderFault {
  /** May concern this address only; if several addresses get it, it concerns the account. */
  readonly maybeAccount?: boolean | undefined;
}

export interface UnavailableFault extends ProviderFault {
  readonly mayHaveBeenSent?: boolean | undefined;
  /** No connection was made or none accepted the request; the address is not at fault. */
  readonly isUnreached?: boolean | undefined;
}

/** The vendor did not decide. */
export abstract class ProviderError extends Error {
  readonly vendorCode: string;
  readonly retryAfterMs: number | undefined;
  readonly addressOnly: boolean;
  readonly answer: VendorAnswer | undefined;

  constructor(fault: ProviderFault) {
    super(fault.vendorCode);
    this.name = new.target.name;
    this.vendorCode = fault.vendorCode;
    this.retryAfterMs = fault.retryAfterMs;
    this.addressOnly = fault.addressOnly ?? false;
    this.answer = fault.answer;
  }
}

/** Timeout, 5xx or lost connection: the vendor did not decide. */
export class ProviderUnavailable extends ProviderError {
  /** The request was written, so the vendor may have sent the message: the outcome is unknown, not failed. */
  readonly mayHaveBeenSent: boolean;
  readonly isUnreached: boolean;

  constructor(fault: UnavailableFault) {
    super(fault);
    this.mayHaveBeenSent = fault.mayHaveBeenSent ?? false;
    this.isUnreached = fault.isUnreached ?? false;
  }
}

/** 429: the vendor did not process the message; wait as long as it asks. */
export class ProviderOverQuota extends ProviderError {
  readonly maybeAccount: boolean;

  constructor(fault: OverQuotaFault) {
    super(fault);
    this.maybeAccount = fault.maybeAccount ?? false;
  }
}

/** Wrong credentials, wrong topic or no credit: no message is accepted until an operator acts. */
export class ProviderMisconfigured extends ProviderError {
  readonly reason: Reason;
  /** The vendor rejects the credentials. If it accepted them before, the fault may be the vendor's. */
  readonly ofCredentials: boolean;

  constructor(fault: ProviderFault & { readonly reason?: Reason; readonly ofCredentials?: boolean }) {
    super(fault);
    this.reason = fault.reason ?? 'provider_misconfigured';
    this.ofCredentials = fault.ofCredentials ?? false;
  }
}

/** The process is stopping and its grace period has ended. */
export class SendAborted extends Error {
  override readonly name = 'SendAborted';

  /** @param mayHaveBeenSent the request was written; otherwise no attempt is recorded. */
  constructor(readonly mayHaveBeenSent = false) {
    super();
  }
}
