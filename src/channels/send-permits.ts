import { channelOf } from '../domain/delivery.js';
import { FairShare, type Place } from './fair-share.js';
import { later, type Later } from './next.js';
import { accountOf, type SendTarget } from './provider-account.js';
import { BREAKER_OPEN, type ProviderCircuitBreaker } from './provider-circuit-breaker.js';

/** Maximum delay in ms of a delivery whose account uses its full share of the worker. */
const MAX_REQUEUE_MS = 10_000;
const MAX_REQUEUE_FOR_CALLS_MS = 1_000;

/** A delivery that is to be sent. */
export interface Applicant extends SendTarget {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Permission to send; the caller must `end` it. */
export type SendPermit = Extract<Place, { readonly end: () => void }>;

/** Decides in one worker whether a delivery may be claimed now, so that no wait for its account uses up an attempt. */
export class SendPermits {
  private readonly shares: FairShare;

  constructor(
    private readonly breaker: ProviderCircuitBreaker,
    /** The current concurrency of the worker. */
    concurrency: () => number,
    readonly isUrgent: boolean,
  ) {
    this.shares = new FairShare(concurrency, isUrgent ? MAX_REQUEUE_FOR_CALLS_MS : MAX_REQUEUE_MS);
  }

  /** @returns a permit; otherwise when to ask again. */
  async take(delivery: Applicant): Promise<SendPermit | Later> {
    const { expiresAt } = delivery;
    // An expired one is settled under its claim.
    const waitMs = expiresAt > Date.now() ? this.breakerWait(delivery) : 0;
    if (waitMs > 0) return later(waitMs, BREAKER_OPEN, expiresAt);
    const { appId, channel, provider } = accountOf(delivery);
    const place = await this.shares.take(`${appId} ${channel} ${provider}`);
    if ('end' in place) return place;
    return later(place.requeueInMs, 'the account uses its full share of this worker', expiresAt);
  }

  private breakerWait(delivery: Applicant): number {
    const channel = channelOf(delivery);
    switch (channel) {
      case 'push':
        return this.breaker.waitFor(accountOf(delivery), {
          deliveryId: delivery.id,
          isUrgent: this.isUrgent,
        });
      // If one vendor's circuit breaker is open, another vendor may send the SMS.
      case 'sms':
        return 0;
    }
  }
}
