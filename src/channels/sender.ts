import type { ClaimedDelivery } from '../domain/delivery.js';
import type { SendResult } from '../domain/outcome.js';
import type { SendContext } from '../providers/provider.js';
import type { AttemptFacts, NextStep } from './next-step.js';
import type { PreparedAttempt } from './prepared-attempt.js';

/** The surroundings of an attempt. */
export interface Circumstances {
  /** Of a call: worthless if late. */
  readonly isUrgent: boolean;
  /** Aborts work in progress at shutdown. */
  readonly signal: AbortSignal;
}

/** The part of an attempt that differs between channels. */
export interface Sender<D extends ClaimedDelivery> {
  /**
   * Builds the vendor's message, chooses the provider, and asks its circuit breaker.
   *
   * @throws SendSkipped, SendPostponed, AlreadySent if nothing may be sent now; any other error counts as one of the
   *   provider.
   */
  prepare(delivery: D, context: SendContext, circumstances: Circumstances): Promise<PreparedAttempt<D>>;

  /** Reports the result of a call to the circuit breaker. */
  recordOutcome(delivery: D, ended: SendResult | Error, circumstances: Circumstances): Promise<void>;

  /** Decides what follows the result. */
  nextStep(ended: SendResult | Error, facts: AttemptFacts, delivery: D): NextStep;
}
