import type { AttemptResult } from '../deliveries/records.js';
import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  type SendResult,
} from '../domain/outcome.js';
import type { Reason } from '../domain/reason.js';
import { retryDelayMs, type Backoff } from '../platform/timing/retry-delay.js';

/**
 * How often a push that may have reached the phone is sent again. If the device or app does not collapse them, the
 * duplicate is shown as well, and a ring that was answered or declined rings once more.
 */
const MAX_RESENDS = { ring: 1, other: 2 } as const;

/** Longest `Retry-After` respected at the first attempt; each further attempt quadruples it. */
const MAX_RETRY_AFTER_MS = 60_000;

/** The facts of an attempt that decide the next step. */
export interface AttemptFacts {
  /** From 1; counts every attempt that was started, including those that a vendor deferred. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Earlier attempts that may have reached the vendor but had no answer. */
  readonly unanswered: number;
  /** The vendor has accepted a request with the same credentials before. */
  readonly credentialsWorked: boolean;
  /** The push rings for a call. */
  readonly rings: boolean;
  readonly backoff: Backoff;
  readonly expiresAt: Date;
  readonly now: Date;
}

/** The effect of an attempt on its delivery. */
export interface NextStep extends Pick<
  AttemptResult,
  'outcome' | 'vendorCode' | 'vendorMessageId' | 'status' | 'reason'
> {
  /** Milliseconds until the next attempt; null: there is none. */
  readonly retryInMs: number | null;
  /** The address is dead: retire it. */
  readonly retireAddress: boolean;
  /** `error`: an operator has to act. */
  readonly level: 'info' | 'warn' | 'error';
}

/**
 * Maps every result of an attempt to its record, its retry, the retirement of the address and the log level.
 * `next-step.spec.ts` is the same as a table.
 */
export function nextStep(ended: SendResult | Error, facts: AttemptFacts): NextStep {
  if (!(ended instanceof Error)) {
    return ended.outcome === 'accepted'
      ? settled('accepted', null, 'sent', null, { vendorMessageId: ended.vendorMessageId })
      : settled('refused', ended.vendorCode, 'failed', ended.reason, { retireAddress: ended.addressIsDead });
  }
  if (ended instanceof ProviderMisconfigured) {
    return ended.ofCredentials && facts.credentialsWorked
      ? retry('misconfigured', ended.vendorCode, ended.reason, 'error', facts, ended.retryAfterMs)
      : settled('misconfigured', ended.vendorCode, 'failed', ended.reason, { level: 'error' });
  }
  if (ended instanceof ProviderOverQuota) {
    return retry('over_quota', ended.vendorCode, 'provider_over_quota', 'warn', facts, ended.retryAfterMs);
  }
  if (ended instanceof ProviderUnavailable) {
    if (!ended.mayHaveBeenSent) {
      return retry(
        'unavailable',
        ended.vendorCode,
        'provider_unavailable',
        'warn',
        facts,
        ended.retryAfterMs,
      );
    }
    return facts.unanswered >= MAX_RESENDS[facts.rings ? 'ring' : 'other']
      ? settled('unknown', ended.vendorCode, 'failed', 'outcome_unknown', { level: 'warn' })
      : retry('unknown', ended.vendorCode, 'provider_unavailable', 'warn', facts, ended.retryAfterMs);
  }
  return retry('error', ended.name, 'internal_error', 'error', facts);
}

function settled(
  outcome: NextStep['outcome'],
  vendorCode: string | null,
  status: NextStep['status'],
  reason: Reason | null,
  rest: Partial<Pick<NextStep, 'vendorMessageId' | 'retireAddress' | 'level'>> = {},
): NextStep {
  const none = { vendorMessageId: null, retryInMs: null, retireAddress: false, level: 'info' } as const;
  return { ...none, outcome, vendorCode, status, reason, ...rest };
}

function retry(
  outcome: NextStep['outcome'],
  vendorCode: string,
  finalReason: Reason,
  level: NextStep['level'],
  { attempt, maxAttempts, backoff, expiresAt, now }: AttemptFacts,
  retryAfterMs?: number,
): NextStep {
  if (attempt >= maxAttempts) return settled(outcome, vendorCode, 'failed', finalReason, { level });
  const leftMs = expiresAt.getTime() - now.getTime();
  const respectedMs = Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS * 4 ** Math.min(attempt - 1, 10));
  // If `Retry-After` takes up most of the lifetime, as for a ring, use the backoff: the vendor may recover earlier.
  const retryInMs = retryDelayMs(attempt, backoff, respectedMs <= leftMs / 4 ? respectedMs : 0);
  if (retryInMs >= leftMs) {
    return settled(outcome, vendorCode, 'expired', 'too_old', { level });
  }
  return { ...settled(outcome, vendorCode, 'queued', null, { level }), retryInMs };
}
