import { Inject, Injectable } from '@nestjs/common';
import { Ledger } from '../deliveries/ledger.js';
import { channelOf, type ClaimedDelivery } from '../domain/delivery.js';
import type { Reason } from '../domain/reason.js';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { Metrics } from '../platform/metrics/metrics.js';
import type { SendDelivery } from '../queue/jobs.js';
import { Attempts } from './attempts.js';
import { AGAIN, ENDED, later, type Next } from './next.js';
import type { Circumstances } from './sender.js';
import { Successors } from './successors.js';

/** A delivery that is on record. */
export interface RecordedDelivery extends Omit<SendDelivery, 'v'> {
  readonly id: string;
}

/** Claims deliveries and makes attempts until there is nothing more to do now. The only code that sends. */
@Injectable()
export class DeliveryRun {
  constructor(
    private readonly ledger: Ledger,
    private readonly attempts: Attempts,
    private readonly successors: Successors,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param claimed the delivery if it is claimed for an attempt already.
   * @returns never `again`.
   */
  async run(
    delivery: RecordedDelivery,
    circumstances: Circumstances,
    claimed?: ClaimedDelivery,
  ): Promise<Next> {
    let next: Next = claimed ? await this.attempts.make(claimed, circumstances) : AGAIN;
    while (next.state === 'again') next = await this.attemptNext(delivery, circumstances);
    return next;
  }

  private async attemptNext(delivery: RecordedDelivery, circumstances: Circumstances): Promise<Next> {
    const { id: deliveryId, notificationId } = delivery;
    const claim = await this.ledger.claim(deliveryId, circumstances.isUrgent ? 'calls' : 'others');
    switch (claim.state) {
      case 'claimed':
        return this.attempts.make(claim.delivery, circumstances);
      case 'busy':
        return later(claim.retryInMs, 'another worker has claimed this delivery');
      case 'expired':
        await this.ledger.expire(deliveryId, claim.reason);
        this.logger.info({ deliveryId, notificationId, reason: claim.reason }, 'delivery.expired');
        return ENDED;
      case 'unaddressed':
        await this.abandon(delivery, claim.reason, circumstances);
        return ENDED;
      case 'collapsed':
        this.logger.info({ deliveryId, notificationId }, 'delivery.merged_into_digest');
        await this.ledger.settle(notificationId);
        return ENDED;
      case 'settled':
        // The worker that recorded the result may have been killed before these steps.
        await this.ledger.settle(notificationId);
        await this.successors.enqueue(delivery, circumstances.isUrgent);
        return ENDED;
      case 'missing':
        // The ledger no longer keeps deliveries this old.
        this.logger.warn({ deliveryId, notificationId }, 'delivery.missing');
        return ENDED;
    }
  }

  /** Settles a delivery without an address, and sends it to another one of its session. */
  private async abandon(
    delivery: RecordedDelivery,
    reason: Reason,
    { isUrgent }: Circumstances,
  ): Promise<void> {
    const { id: deliveryId, notificationId, appId } = delivery;
    const channel = channelOf(delivery);
    const hasSuccessors = await this.successors.plan(channel, delivery);
    await this.ledger.abandon(deliveryId, reason);
    this.metrics.deliveries.inc({ app: appId, channel, status: 'skipped', reason });
    this.logger.info({ deliveryId, notificationId, appId, reason }, 'delivery.skipped');
    if (hasSuccessors) await this.successors.enqueue(delivery, isUrgent);
  }
}
