import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  type Refused,
} from '../domain/outcome.js';
import type { Reason } from '../domain/reason.js';

/** What one of a vendor's error codes means for us: the rows of its error table. */
export type Verdict =
  | {
      readonly action: 'refuse';
      readonly reason: Reason;
      readonly addressIsDead: boolean;
      readonly accountMayBeWrong?: boolean;
    }
  /** `retryAfterMs` where the answer names no time. */
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

/** Give this message up; the address stays. */
export const refuse = (reason: Reason): Verdict => ({ action: 'refuse', reason, addressIsDead: false });

/** Give this message up; the address is dead. */
export const retire = (reason: Reason): Verdict => ({ action: 'refuse', reason, addressIsDead: true });

/** Give this message up; the address is dead, or our account is the wrong one. */
export const retireOnceProven = (reason: Reason): Verdict => ({
  action: 'refuse',
  reason,
  addressIsDead: true,
  accountMayBeWrong: true,
});

/** The vendor could not decide: try again later. */
export const retry = (retryAfterMs?: number): Verdict => ({
  action: 'retry',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});

/** The vendor answers, and could not decide on this one message: others may be sent. */
export const RETRY_FOR_ADDRESS: Verdict = { action: 'retry', addressOnly: true };

/** The vendor could not decide, and may have sent the message all the same. */
export const UNKNOWN: Verdict = { action: 'retry', mayHaveBeenSent: true };

/** The account is over quota: the vendor has not looked at the message. */
export const wait = (retryAfterMs: number): Verdict => ({ action: 'wait', retryAfterMs });

/** This one address was sent too much: others may be sent to. */
export const waitForAddress = (retryAfterMs: number): Verdict => ({
  action: 'wait',
  retryAfterMs,
  addressOnly: true,
});

/** Over quota, and the vendor does not say whether for this one address: it is the account where several are. */
export const waitUnclear = (retryAfterMs: number): Verdict => ({
  action: 'wait',
  retryAfterMs,
  addressOnly: true,
  maybeAccount: true,
});

/** Our settings are wrong: an operator has to act. */
export const STOP: Verdict = { action: 'stop' };

/** The vendor refuses our credentials: an operator has to act, unless they worked before and the vendor errs. */
export const BAD_CREDENTIALS: Verdict = { action: 'stop', ofCredentials: true };

/** What an answer says by its status alone, where the vendor has no row for it. */
export function verdictOfStatus(status: number, faultWaitMs?: number): Verdict {
  if (status >= 500) return retry(faultWaitMs);
  return status === 401 || status === 403 ? BAD_CREDENTIALS : STOP;
}

/** The account has run dry: an operator has to pay. */
export const NO_CREDIT: Verdict = { action: 'stop', reason: 'no_credit' };

/**
 * Carries a verdict out.
 *
 * @param retryAfterMs what the vendor asked for in its answer; it goes before the table's own.
 * @throws ProviderUnavailable, ProviderOverQuota, ProviderMisconfigured
 */
export function conclude(verdict: Verdict, vendorCode: string, retryAfterMs?: number): Refused {
  switch (verdict.action) {
    case 'refuse':
      return {
        outcome: 'refused',
        reason: verdict.reason,
        vendorCode,
        addressIsDead: verdict.addressIsDead,
        ...(verdict.accountMayBeWrong ? { accountMayBeWrong: true } : {}),
      };
    case 'retry':
      throw new ProviderUnavailable({
        vendorCode,
        retryAfterMs: retryAfterMs ?? verdict.retryAfterMs,
        mayHaveBeenSent: verdict.mayHaveBeenSent ?? false,
        addressOnly: verdict.addressOnly ?? false,
      });
    case 'wait':
      throw new ProviderOverQuota({
        vendorCode,
        retryAfterMs: retryAfterMs ?? verdict.retryAfterMs,
        addressOnly: verdict.addressOnly ?? false,
        maybeAccount: verdict.maybeAccount ?? false,
      });
    case 'stop':
      throw new ProviderMisconfigured({
        vendorCode,
        ofCredentials: verdict.ofCredentials ?? false,
        ...(verdict.reason ? { reason: verdict.reason } : {}),
      });
  }
}
