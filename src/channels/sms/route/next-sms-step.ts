import type { SmsPlan } from '../../../domain/delivery.js';
import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  type Refused,
  type SendResult,
} from '../../../domain/outcome.js';
import type { Reason } from '../../../domain/reason.js';
import { retryDelayMs } from '../../../queue/retry-delay.js';
import { nextStep, type AttemptFacts, type NextStep } from '../../next-step.js';
import { remainingProviders, type MadeAttempt } from './remaining-providers.js';

/** How long a vendor has for finding a message that it may have taken, before it is asked for it. */
export const LOOK_UP_AFTER_MS = 5_000;

/** What the rules need to know beside the facts of the attempt. */
export interface SmsAttemptContext {
  readonly plan: Pick<SmsPlan, 'route' | 'onOverQuota'>;
  /** The provider of the attempt that has ended. */
  readonly provider: string;
  readonly earlier: readonly MadeAttempt[];
  /** The vendor can be asked whether it has the message. */
  readonly canLookUp: boolean;
  readonly acceptPossibleDouble: boolean;
}

/** Every vendor would say the same. */
const OF_THE_NUMBER: ReadonlySet<Reason> = new Set([
  'opted_out',
  'number_unreachable',
  'invalid_phone_number',
]);

/**
 * What comes after an attempt to send a text: as for every delivery, but that another vendor may take over.
 *
 * A vendor that could not send it (unavailable, misconfigured, out of credit, over quota, against the message) is
 * followed by the next one at once; when all have failed it starts over, later. Nothing follows where the number was
 * refused. Where the vendor may have taken the text it is asked; if it cannot be, another one gets the text only where
 * the app accepts a possible double, and after three silences none that has had it before.
 */
export function nextSmsStep(
  ended: SendResult | Error,
  facts: AttemptFacts,
  context: SmsAttemptContext,
): NextStep {
  const step = nextStep(ended, facts);
  if (ended instanceof ProviderUnavailable && ended.mayHaveBeenSent)
    return afterSilence(step, facts, context);
  return mayMoveOn(ended, context) ? orNextProvider(step, facts, context) : step;
}

function mayMoveOn(ended: SendResult | Error, { plan }: SmsAttemptContext): boolean {
  if (ended instanceof ProviderOverQuota) return plan.onOverQuota === 'moveOn';
  if (ended instanceof ProviderUnavailable || ended instanceof ProviderMisconfigured) return true;
  return !(ended instanceof Error) && ended.outcome === 'refused' && !isOfTheNumber(ended);
}

const isOfTheNumber = ({ addressIsDead, reason }: Refused): boolean =>
  addressIsDead || OF_THE_NUMBER.has(reason);

/** Another vendor where one was asked less often than this one; later, where only others than this one are left. */
function orNextProvider(
  step: NextStep,
  facts: AttemptFacts,
  { plan, provider, earlier }: SmsAttemptContext,
): NextStep {
  const { outcome, vendorCode } = step;
  const made = [...earlier, { provider, outcome, vendorCode }];
  const timesAsked = made.filter((attempt) => attempt.provider === provider).length;
  const [next] = remainingProviders(plan, made);
  if (!next) return step;
  const isFresh = next.provider !== provider && next.failures < timesAsked;
  if (!isFresh && (step.status === 'queued' || step.reason === 'outcome_unknown')) return step;
  const retryInMs = isFresh ? 0 : retryDelayMs(facts.attempt, facts.backoff);
  return isInTime(facts, retryInMs) ? { ...step, status: 'queued', reason: null, retryInMs } : step;
}

/** The vendor may have taken the text. */
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
