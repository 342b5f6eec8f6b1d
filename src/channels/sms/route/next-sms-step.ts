import type { SmsPlan } from '../../../domain/delivery.js';
import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  type Refused,
  type SendResult,
} from '../../../domain/outcome.js';
import type { Reason } from '../../../domain/reason.js';
import { retryDelayMs } from '../../../platform/timing/retry-delay.js';
import { nextStep, type AttemptFacts, type NextStep } from '../../next-step.js';
import { remainingProviders, type MadeAttempt } from './remaining-providers.js';

/** Delay before the vendor is queried for a message that it may have taken. */
export const LOOK_UP_AFTER_MS = 5_000;

/** Facts about the route, beside those of the attempt. */
export interface SmsAttemptContext {
  readonly plan: Pick<SmsPlan, 'route' | 'onOverQuota'>;
  /** Provider of the attempt. */
  readonly provider: string;
  readonly earlier: readonly MadeAttempt[];
  /** The vendor can be queried for the message. */
  readonly canLookUp: boolean;
  readonly acceptPossibleDouble: boolean;
}

/** Reasons that hold for every vendor. */
const NUMBER_REASONS: ReadonlySet<Reason> = new Set([
  'opted_out',
  'number_unreachable',
  'invalid_phone_number',
]);

/**
 * The step after an attempt to send an SMS: like `nextStep`, with failover to another vendor.
 *
 * If a vendor could not send the SMS (unavailable, misconfigured, out of credit, over quota, message refused), the next
 * one is tried immediately; after all have failed, the route starts over later. A refused number ends the delivery. A
 * vendor that may have taken the SMS is queried. If it cannot be queried, another vendor gets the SMS only if the app
 * accepts a possible double; after three unanswered attempts only vendors that have not had it.
 */
export function nextSmsStep(
  ended: SendResult | Error,
  facts: AttemptFacts,
  context: SmsAttemptContext,
): NextStep {
  const step = nextStep(ended, facts);
  if (ended instanceof ProviderUnavailable && ended.mayHaveBeenSent)
    return afterSilence(step, facts, context);
  return mayFailOver(ended, context) ? orNextProvider(step, facts, context) : step;
}

function mayFailOver(ended: SendResult | Error, { plan }: SmsAttemptContext): boolean {
  if (ended instanceof ProviderOverQuota) return plan.onOverQuota === 'moveOn';
  if (ended instanceof ProviderUnavailable || ended instanceof ProviderMisconfigured) return true;
  return !(ended instanceof Error) && ended.outcome === 'refused' && !isOfTheNumber(ended);
}

const isOfTheNumber = ({ addressIsDead, reason }: Refused): boolean =>
  addressIsDead || NUMBER_REASONS.has(reason);

/** Fails over immediately to a vendor tried less often than this one, or later to any other that remains. */
function orNextProvider(
  step: NextStep,
  facts: AttemptFacts,
  { plan, provider, earlier }: SmsAttemptContext,
): NextStep {
  const { outcome, vendorCode } = step;
  const made = [...earlier, { provider, outcome, vendorCode }];
  const timesTried = made.filter((attempt) => attempt.provider === provider).length;
  const [next] = remainingProviders(plan, made);
  if (!next) return step;
  const isFresh = next.provider !== provider && next.failures < timesTried;
  if (!isFresh && (step.status === 'queued' || step.reason === 'outcome_unknown')) return step;
  const retryInMs = isFresh ? 0 : retryDelayMs(facts.attempt, facts.backoff);
  return isInTime(facts, retryInMs) ? { ...step, status: 'queued', reason: null, retryInMs } : step;
}

/** The step if the vendor may have taken the SMS. */
function afterSilence(step: NextStep, facts: AttemptFacts, context: SmsAttemptContext): NextStep {
  if (context.canLookUp && isInTime(facts, LOOK_UP_AFTER_MS)) {
    return { ...step, status: 'queued', reason: null, retryInMs: LOOK_UP_AFTER_MS };
  }
  return context.acceptPossibleDouble
    ? orNextProvider(step, facts, context)
    : { ...step, status: 'failed', reason: 'outcome_unknown', retryInMs: null };
}

function isInTime({ attempt, maxAttempts, expiresAt, now }: AttemptFacts, waitMs: number): boolean {
  return attempt < maxAttempts && now.getTime() + waitMs < expiresAt.getTime();
}
