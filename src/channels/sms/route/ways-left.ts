import type { EarlierAttempt } from '../../../domain/delivery.js';
import type { AttemptOutcome } from '../../../domain/outcome.js';

/** What the choice of the next vendor needs to know of an attempt. */
export type MadeAttempt = Pick<EarlierAttempt, 'provider' | 'outcome' | 'vendorCode'>;

/** A vendor that a text may still be given to. */
export interface Way {
  readonly provider: string;
  /** How often it was asked in vain. */
  readonly failures: number;
}

/** After these a vendor is not asked again for the same text: it has decided, or would decide the same. */
const SPENT: readonly AttemptOutcome[] = ['accepted', 'refused', 'misconfigured'];

/** An attempt during which the process ended: nobody knows how far it got. */
export function wasCutOff({ outcome, vendorCode }: MadeAttempt): boolean {
  return outcome === 'unknown' && vendorCode === null;
}

/** An earlier attempt may have reached the person: the next one may be a double. */
export function mayBeDouble(attempts: readonly MadeAttempt[]): boolean {
  return attempts.some(({ outcome }) => outcome === 'accepted' || outcome === 'unknown');
}

/**
 * The vendors that are left for a text, the next one first: those that were asked least often, in the order of the
 * route.
 */
export function waysLeft(route: readonly string[], attempts: readonly MadeAttempt[]): readonly Way[] {
  return route
    .filter(
      (provider) => !attempts.some((made) => made.provider === provider && SPENT.includes(made.outcome)),
    )
    .map((provider) => ({ provider, failures: attempts.filter((made) => made.provider === provider).length }))
    .toSorted((a, b) => a.failures - b.failures);
}
