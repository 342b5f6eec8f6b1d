import type { AttemptResult } from '../deliveries/records.js';
import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  type SendResult,
} from '../domain/outcome.js';
import type { Reason } from '../domain/reason.js';
import { retryDelayMs, type Backoff } from '../queue/retry-delay.js';

/**
 * How often a push is sent again that may have reached the phone. A second one is shown beside the first where its
 * kind of device or app does not collapse them, and a ring that was taken or declined rings once more.
 */
const SENT_AGAIN = { ring: 1, other: 2 } as const;

/** How long a vendor's `Retry-After` is trusted at the first attempt, in milliseconds; then four times as long each. */
const TRUSTED_MS = 60_000;

/** What the rules need to know about the attempt. */
export interface AttemptFacts {
  /** The number of this attempt, from 1; every one that was started counts, also those that a vendor deferred. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** How many attempts before this one may have reached the vendor and had no answer. */
  readonly unanswered: number;
  /** The vendor has taken something with the same credentials before. */
  readonly credentialsWorked: boolean;
  /** It rings for a call. */
  readonly rings: boolean;
  readonly backoff: Backoff;
  readonly expiresAt: Date;
  readonly now: Date;
}

/** What one attempt makes of its delivery. */
export interface NextStep extends Pick<
  AttemptResult,
  'outcome' | 'vendorCode' | 'vendorMessageId' | 'status' | 'reason'
> {
  /** The wait before the next attempt, in milliseconds; null: there is none. */
  readonly retryInMs: number | null;
  /** The address is dead and must not be used again. */
  readonly retireAddress: boolean;
  /** `error` means that somebody has to act. */
  readonly level: 'info' | 'warn' | 'error';
}

/**
 * The rule for every way in which an attempt can end: what goes on record, whether it is tried again, whether the
 * address is retired and who must be told. `next-step.spec.ts` is the same as a table.
 */
export function nextStep(ended: SendResult | Error, facts: AttemptFacts): NextStep {
  if (!(ended instanceof Error)) {
    return ended.outcome === 'accepted'
      ? settled('accepted', null, 'sent', null, { vendorMessageId: ended.vendorMessageId })
      : settled('refused', ended.vendorCode, 'failed', ended.reason, { retireAddress: ended.addressIsDead });
  }
  if (ended instanceof ProviderMisconfigured) {
    return ended.ofCredentials && facts.credentialsWorked
      ? again('misconfigured', ended.vendorCode, ended.reason, 'error', facts, ended.retryAfterMs)
      : settled('misconfigured', ended.vendorCode, 'failed', ended.reason, { level: 'error' });
  }
  if (ended instanceof ProviderOverQuota) {
    return again('over_quota', ended.vendorCode, 'provider_over_quota', 'warn', facts, ended.retryAfterMs);
  }
  if (ended instanceof ProviderUnavailable) {
    if (!ended.mayHaveBeenSent) {
      return again(
        'unavailable',
        ended.vendorCode,
        'provider_unavailable',
        'warn',
        facts,
        ended.retryAfterMs,
      );
    }
    return facts.unanswered >= SENT_AGAIN[facts.rings ? 'ring' : 'other']
      ? settled('unknown', ended.vendorCode, 'failed', 'outcome_unknown', { level: 'warn' })
      : again('unknown', ended.vendorCode, 'provider_unavailable', 'warn', facts, ended.retryAfterMs);
  }
  return again('error', ended.name, 'internal_error', 'error', facts);
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

function again(
  outcome: NextStep['outcome'],
  vendorCode: string,
  reasonInTheEnd: Reason,
  level: NextStep['level'],
  { attempt, maxAttempts, backoff, expiresAt, now }: AttemptFacts,
  retryAfterMs?: number,
): NextStep {
  if (attempt >= maxAttempts) return settled(outcome, vendorCode, 'failed', reasonInTheEnd, { level });
  const leftMs = expiresAt.getTime() - now.getTime();
  const trustedMs = Math.min(retryAfterMs ?? 0, TRUSTED_MS * 4 ** Math.min(attempt - 1, 10));
  // What would wait for most of its life, such as a ring, goes by its own backoff: the vendor may be sooner than it says.
  const retryInMs = retryDelayMs(attempt, backoff, trustedMs <= leftMs / 4 ? trustedMs : 0);
  if (retryInMs >= leftMs) {
    return settled(outcome, vendorCode, 'expired', 'too_old', { level });
  }
  return { ...settled(outcome, vendorCode, 'queued', null, { level }), retryInMs };
}
