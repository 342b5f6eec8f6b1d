import type { Unsent } from '../deliveries/records.js';
import type { ClaimedDelivery, SmsFacts } from '../domain/delivery.js';
import type { SendResult } from '../domain/outcome.js';
import type { CredentialInUse } from './credential-proofs.js';
import type { NextStep } from './next-step.js';

export interface PreparedAttempt<D extends ClaimedDelivery> {
  /** As claimed, but with the provider chosen for an SMS. */
  readonly delivery: D;
  /** Fields dropped or cut to fit the message into the vendor's limit. */
  readonly dropped: readonly string[];
  readonly sms?: SmsFacts;
  readonly credential: CredentialInUse;
  /** The message in the provider's format. */
  readonly message: object;
  /** Returns and throws as a provider does. */
  send(): Promise<SendResult>;
  /** Takes back what was reserved, if the send does not start after all. */
  cancel(): Promise<void>;
  /** Runs after the result is recorded. */
  conclude(step: NextStep, ended: SendResult | Error): Promise<void>;
}

/** Thrown while preparing an attempt: the delivery is never sent. */
export class SendSkipped extends Error {
  override readonly name = 'SendSkipped';

  constructor(
    readonly delivery: ClaimedDelivery,
    readonly unsent: Unsent,
  ) {
    super(unsent.reason);
  }
}

/** Thrown while preparing an attempt: it did not start and is retried later. */
export class SendPostponed extends Error {
  override readonly name = 'SendPostponed';

  constructor(
    readonly waitMs: number,
    why: string,
  ) {
    super(why);
  }
}

/** Thrown while preparing an attempt: an earlier one settled the delivery, which is recorded. */
export class AlreadySent extends Error {
  override readonly name = 'AlreadySent';
}
