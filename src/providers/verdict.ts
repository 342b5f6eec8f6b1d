import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  type Refused,
  type VendorAnswer,
} from '../domain/outcome.js';
import type { Reason } from '../domain/reason.js';

/** The meaning of a vendor's error code: a row of its error table. */
export type Verdict =
  | {
      readonly action: 'refuse';
      readonly reason: Reason;
      readonly addressIsDead: boolean;
      readonly accountMayBeWrong?: boolean;
    }
  /** `retryAfterMs` applies if the response states no wait. */
  | {
      readonly action: 'retry';
      readonly retryAfterMs?: number;
      readonly mayHaveBeenSent?: boolean;
      readonly addressOnly?: boolean;
    }
  | {
      readonly action: 'wait';
      readonly retryAfterMs: number;
      readonly addressOnly?: boolean;
      readonly maybeAccount?: boolean;
    }
  | { readonly action: 'stop'; readonly reason?: Reason; readonly ofCredentials?: boolean };

/** Fail this message and keep the address. */
export const refuse = (reason: Reason): Verdict => ({ action: 'refuse', reason, addressIsDead: false });

/** Fail this message; the address is dead. */
export const retire = (reason: Reason): Verdict => ({ action: 'refuse', reason, addressIsDead: true });

/** Fail this message; the address is dead, or the account is the wrong one. */
export const retireOnceProven = (reason: Reason): Verdict => ({
  action: 'refuse',
  reason,
  addressIsDead: true,
  accountMayBeWrong: true,
});

/** The vendor could not decide: retry later. */
export const retry = (retryAfterMs?: number): Verdict => ({
  action: 'retry',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

/** The vendor responds but could not decide on this message; the account remains usable. */
export const RETRY_FOR_ADDRESS: Verdict = { action: 'retry', addressOnly: true };

/** The vendor could not decide and may have sent the message. */
export const UNKNOWN: Verdict = { action: 'retry', mayHaveBeenSent: true };

/** The account is over quota: the vendor did not process the message. */
export const wait = (retryAfterMs: number): Verdict => ({ action: 'wait', retryAfterMs });

/** This address is rate-limited; the account remains usable. */
export const waitForAddress = (retryAfterMs: number): Verdict => ({
  action: 'wait',
  retryAfterMs,
  addressOnly: true,
});

/**
 * Over quota, either for this address or for the account; treated as the account's once several addresses are affected.
 */
export const waitUnclear = (retryAfterMs: number): Verdict => ({
  action: 'wait',
  retryAfterMs,
  addressOnly: true,
  maybeAccount: true,
});

/** The configuration is wrong: an operator has to act. */
export const STOP: Verdict = { action: 'stop' };

/**
 * The vendor refuses the credentials: an operator has to act, unless they worked before and the fault is the vendor's.
 */
export const BAD_CREDENTIALS: Verdict = { action: 'stop', ofCredentials: true };

/** The verdict for an HTTP status without a row in the vendor's table. */
export function verdictOfStatus(status: number, faultWaitMs?: number): Verdict {
  if (status >= 500) return retry(faultWaitMs);
  return status === 401 || status === 403 ? BAD_CREDENTIALS : STOP;
}

/** The account has no credit: an operator has to pay. */
export const NO_CREDIT: Verdict = { action: 'stop', reason: 'no_credit' };

/** The vendor's answer with the wait that it states. */
export interface ConcludedAnswer extends VendorAnswer {
  /** Overrides the wait of the table. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Turns a verdict into a refusal or an error.
 *
 * @param given the answer that the verdict is about, see `answerOf`; unset if there is none.
 * @throws ProviderUnavailable, ProviderOverQuota, ProviderMisconfigured
 */
export function conclude(verdict: Verdict, vendorCode: string, given?: ConcludedAnswer): Refused {
  const { retryAfterMs, ...answer } = given ?? {};
  switch (verdict.action) {
    case 'refuse':
      return {
        outcome: 'refused',
        reason: verdict.reason,
        vendorCode,
        addressIsDead: verdict.addressIsDead,
        ...(verdict.accountMayBeWrong ? { accountMayBeWrong: true } : {}),
        answer,
      };
    case 'retry':
      throw new ProviderUnavailable({
        vendorCode,
        retryAfterMs: retryAfterMs ?? verdict.retryAfterMs,
        mayHaveBeenSent: verdict.mayHaveBeenSent ?? false,
        addressOnly: verdict.addressOnly ?? false,
        answer,
      });
    case 'wait':
      throw new ProviderOverQuota({
        vendorCode,
        retryAfterMs: retryAfterMs ?? verdict.retryAfterMs,
        addressOnly: verdict.addressOnly ?? false,
        maybeAccount: verdict.maybeAccount ?? false,
        answer,
      });
    case 'stop':
      throw new ProviderMisconfigured({
        vendorCode,
        ofCredentials: verdict.ofCredentials ?? false,
        ...(verdict.reason ? { reason: verdict.reason } : {}),
        answer,
      });
  }
}
