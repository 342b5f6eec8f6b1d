import { Inject, Injectable } from '@nestjs/common';
import { Ledger } from '../deliveries/ledger.js';
import type { LostDelivery } from '../deliveries/records.js';
import type { ClaimedDelivery } from '../domain/delivery.js';
import type { Channel } from '../domain/notification.js';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { JobQueue } from '../queue/job-queue.js';
import { queueOf, type SendDelivery } from '../queue/jobs.js';
import { sendJob } from '../queue/send-job.js';
import type { NextStep } from './next-step.js';

export type LostDeliveryJob = LostDelivery & Pick<SendDelivery, 'appId' | 'uid' | 'expiresAt'>;

/**
 * Sends a push to another address of its session if the first one does not get it: to a newer token of the same kind, or
 * a ring without a working VoIP token to the alert tokens of that phone.
 *
 * Successors are planned before the result of the first delivery is recorded and enqueued after it. If the process dies in
 * between, the retried job enqueues them, so none is lost or planned twice.
 */
@Injectable()
export class Successors {
  constructor(
    private readonly ledger: Ledger,
    private readonly queue: JobQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Plans them if the vendor refused for certain, so that the address cannot have received it. @returns whether there are any. */
  async planAfter(delivery: ClaimedDelivery, { status, outcome }: NextStep): Promise<boolean> {
    const isRefused = status === 'failed' && (outcome === 'refused' || outcome === 'misconfigured');
    return isRefused && this.plan(delivery.channel, delivery);
  }

  /** @returns whether there are successors. */
  async plan(channel: Channel, lost: LostDelivery): Promise<boolean> {
    switch (channel) {
      case 'push':
        return this.ledger.planInstead(lost);
      // The next vendor of an SMS is part of its own delivery.
      case 'sms':
        return false;
    }
  }

  /** Idempotent: the id of a job is its delivery's. */
  async enqueue(lost: LostDeliveryJob, isUrgent: boolean): Promise<void> {
    const { id, notificationId, appId } = lost;
    const planned = await this.ledger.plannedInstead({ id, notificationId });
    if (planned.length === 0) return;
    const jobs = planned.map((delivery) => sendJob(delivery, lost));
    await this.queue.addAll(queueOf('push', isUrgent), jobs);
    const successors = planned.map((successor) => successor.id);
    this.logger.info({ notificationId, deliveryId: id, appId, successors }, 'delivery.succeeded');
  }
}
