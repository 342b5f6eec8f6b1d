import type { Unsent } from '../deliveries/records.js';
import type { ClaimedDelivery, SmsFacts } from '../domain/delivery.js';
import type { SendResult } from '../domain/outcome.js';
import type { CredentialInUse } from './credential-proofs.js';

/** An attempt that is ready to be made. */
export interface PreparedAttempt {
  /** As claimed; for a text with the provider that it goes through. */
  readonly delivery: ClaimedDelivery;
  /** Fields that had to go so that the message fits. */
  readonly dropped: readonly string[];
  readonly text?: SmsFacts;
  readonly credential: CredentialInUse;
  /** The message as the provider takes it. */
  readonly message: object;
  /** Hands it over. Returns and throws as a provider does. */
  send(): Promise<SendResult>;
}

/** Thrown while an attempt is made ready: nothing is sent, now or later. */
export class SendSkipped extends Error {
  override readonly name = 'SendSkipped';

  constructor(
    readonly delivery: ClaimedDelivery,
    readonly unsent: Unsent,
  ) {
    super(unsent.reason);
  }
}

/** Thrown while an attempt is made ready: it never began, and is made later. */
export class SendPostponed extends Error {
  override readonly name = 'SendPostponed';

  constructor(
    readonly waitMs: number,
    why: string,
  ) {
    super(why);
  }
}

/** Thrown while an attempt is made ready: an earlier one turns out to have done the work. It is on record. */
export class AlreadySent extends Error {
  override readonly name = 'AlreadySent';
}
