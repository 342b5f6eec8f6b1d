import type { EarlierAttempt, SmsPlan } from '../../../domain/delivery.js';
import type { AttemptOutcome } from '../../../domain/outcome.js';

/** What the choice of the next vendor needs to know of an attempt. */
export type MadeAttempt = Pick<EarlierAttempt, 'provider' | 'outcome' | 'vendorCode'>;

/** A vendor that a text may still be given to. */
export interface CandidateProvider {
  readonly provider: string;
  /** How often it was asked in vain. */
  readonly failures: number;
}

/** After these a vendor is not asked again for the same text: it has decided, or would decide the same. */
const SPENT: ReadonlySet<AttemptOutcome> = new Set(['accepted', 'refused', 'misconfigured']);

/** An attempt during which the process ended: nobody knows how far it got. */
export function wasCutOff({ outcome, vendorCode }: MadeAttempt): boolean {
  return outcome === 'unknown' && vendorCode === null;
}

/** An earlier attempt may have reached the person: the next one may be a double. */
export function mayBeDouble(attempts: readonly MadeAttempt[]): boolean {
  return attempts.some(({ outcome }) => outcome === 'accepted' || outcome === 'unknown');
}

/** The vendor was asked in vain. One that is to be waited for while it is over quota has not been. */
export function wasInVain(
  { outcome }: Pick<MadeAttempt, 'outcome'>,
  onOverQuota: 'moveOn' | 'wait',
): boolean {
  return outcome !== 'over_quota' || onOverQuota === 'moveOn';
}

/**
 * The vendors that are left for a text, the next one first: those that were asked in vain least often, in the order
 * of the route.
 */
export function remainingProviders(
  { route, onOverQuota }: Pick<SmsPlan, 'route' | 'onOverQuota'>,
  attempts: readonly MadeAttempt[],
): readonly CandidateProvider[] {
  return route
    .map((provider) => ({ provider, made: attempts.filter((attempt) => attempt.provider === provider) }))
    .filter(({ made }) => !made.some(({ outcome }) => SPENT.has(outcome)))
    .map(({ provider, made }) => ({
      provider,
      failures: made.filter((attempt) => wasInVain(attempt, onOverQuota)).length,
    }))
    .toSorted((a, b) => a.failures - b.failures);
}

/**
 * The vendors to give a text to now. Where none is left and it is tried again all the same, the last one has refused
 * credentials that had worked before, and is asked once more.
 */
export function providersToTry(
  plan: Pick<SmsPlan, 'route' | 'onOverQuota'>,
  attempts: readonly MadeAttempt[],
): readonly CandidateProvider[] {
  const left = remainingProviders(plan, attempts);
  const last = attempts.at(-1);
  if (left.length > 0 || last?.outcome !== 'misconfigured' || !plan.route.includes(last.provider))
    return left;
  const { provider } = last;
  return [{ provider, failures: attempts.filter((attempt) => attempt.provider === provider).length }];
}
