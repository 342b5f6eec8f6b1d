import type { AttemptOutcome } from '../domain/outcome.js';
import type { Reason } from '../domain/reason.js';

/** Of the number: every vendor would say the same. */
const OF_THE_NUMBER: ReadonlySet<Reason> = new Set([
  'opted_out',
  'number_unreachable',
  'invalid_phone_number',
  'number_takes_no_texts',
]);
/** A vendor that had the text, or may have had it, or has refused it, gets it once. */
const DECIDED: ReadonlySet<AttemptOutcome> = new Set(['accepted', 'unknown', 'refused', 'misconfigured']);

/**
 * The providers that are left for a text of which its vendor reports that it failed, in the order of its route; none
 * where no other vendor would do better.
 */
export function nextRoute(
  route: readonly string[],
  attempts: readonly { readonly provider: string; readonly outcome: AttemptOutcome }[],
  reason: Reason | null,
): readonly string[] {
  if (reason !== null && OF_THE_NUMBER.has(reason)) return [];
  return route.filter(
    (provider) => !attempts.some((attempt) => attempt.provider === provider && DECIDED.has(attempt.outcome)),
  );
}
