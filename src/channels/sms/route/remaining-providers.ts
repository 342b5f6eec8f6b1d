import type { EarlierAttempt, SmsPlan } from '../../../domain/delivery.js';
import type { AttemptOutcome } from '../../../domain/outcome.js';

/** The facts of an attempt that decide the next vendor. */
export type MadeAttempt = Pick<EarlierAttempt, 'provider' | 'outcome' | 'vendorCode'>;

/** A vendor that may still get the SMS. */
export interface CandidateProvider {
  readonly provider: string;
  /** Number of failed attempts. */
  readonly failures: number;
}

/** Outcomes after which a vendor does not get the same SMS again: its decision is final. */
const FINAL: ReadonlySet<AttemptOutcome> = new Set(['accepted', 'refused', 'misconfigured']);

/** The process ended during the attempt, so its outcome is unknown. */
export function wasCutOff({ outcome, vendorCode }: MadeAttempt): boolean {
  return outcome === 'unknown' && vendorCode === null;
}

/** An earlier attempt may have reached the recipient, so the next one may be a double. */
export function mayBeDouble(attempts: readonly MadeAttempt[]): boolean {
  return attempts.some(({ outcome }) => outcome === 'accepted' || outcome === 'unknown');
}

/** Whether the attempt counts as a failure; over quota does not if the plan waits for the vendor. */
export function hasFailed(
  { outcome }: Pick<MadeAttempt, 'outcome'>,
  onOverQuota: 'moveOn' | 'wait',
): boolean {
  return outcome !== 'over_quota' || onOverQuota === 'moveOn';
}

/**
 * The vendors that may still get the SMS, next one first: by number of failures, then in the order of the route.
 */
export function remainingProviders(
  { route, onOverQuota }: Pick<SmsPlan, 'route' | 'onOverQuota'>,
  attempts: readonly MadeAttempt[],
): readonly CandidateProvider[] {
  return route
    .map((provider) => ({ provider, made: attempts.filter((attempt) => attempt.provider === provider) }))
    .filter(({ made }) => !made.some(({ outcome }) => FINAL.has(outcome)))
    .map(({ provider, made }) => ({
      provider,
      failures: made.filter((attempt) => hasFailed(attempt, onOverQuota)).length,
    }))
    .toSorted((a, b) => a.failures - b.failures);
}

/**
 * The vendors to try now. If none remains although the delivery is retried, the last one refused credentials that had
 * worked before, and is tried once more.
 */
export function providersToTry(
  plan: Pick<SmsPlan, 'route' | 'onOverQuota'>,
  attempts: readonly MadeAttempt[],
): readonly CandidateProvider[] {
  const remaining = remainingProviders(plan, attempts);
  const last = attempts.at(-1);
  if (remaining.length > 0 || last?.outcome !== 'misconfigured' || !plan.route.includes(last.provider))
    return remaining;
  const { provider } = last;
  return [{ provider, failures: attempts.filter((attempt) => attempt.provider === provider).length }];
}
