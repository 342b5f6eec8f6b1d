import type { AttemptOutcome } from '../domain/outcome.js';
import type { Reason } from '../domain/reason.js';

/** Failures of the number, which every vendor would report. */
const OF_THE_NUMBER: ReadonlySet<Reason> = new Set([
  'opted_out',
  'number_unreachable',
  'invalid_phone_number',
  'number_takes_no_texts',
]);
/** A vendor that accepted, may have accepted, or refused the SMS gets it only once. */
const DECIDED: ReadonlySet<AttemptOutcome> = new Set(['accepted', 'unknown', 'refused', 'misconfigured']);

/**
 * The remaining providers, in route order, for an SMS that its vendor reported as failed; none if every vendor would
 * fail.
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
