import type { LostDelivery } from '../../deliveries/records.js';
import type { NextStep } from '../next-step.js';
import type { DeliveryTools } from '../delivery-worker.js';
import type { SendDelivery } from '../../queue/jobs.js';

export type LostDeliveryJob = LostDelivery & Pick<SendDelivery, 'appId' | 'uid' | 'expiresAt'>;

/**
 * Sends a push to another address of its session if the first one does not get it: to a newer token of the same kind, or
 * a ring without a working VoIP token to the alert tokens of that phone.
 *
 * Successors are planned before the result of the first delivery is recorded and enqueued after it. If the process dies in
 * between, the retried job enqueues them, so none is lost or planned twice.
 */
export class Successors {
  constructor(private readonly tools: DeliveryTools) {}

  /** Whether the vendor refused the push for certain, so that the address cannot have received it. */
  static areWantedAfter({ status, outcome }: NextStep): boolean {
    return status === 'failed' && (outcome === 'refused' || outcome === 'misconfigured');
  }

  /** @returns whether there are successors. */
  plan(lost: LostDelivery): Promise<boolean> {
    return this.tools.ledger.planInstead(lost);
  }

  /** Idempotent: the id of a job is its delivery's. */
  async enqueue(
    { id, notificationId, appId, uid, expiresAt }: LostDeliveryJob,
    queueName: 'push' | 'push-calls',
  ): Promise<void> {
    const planned = await this.tools.ledger.plannedInstead({ id, notificationId });
    if (planned.length === 0) return;
    const user = uid === undefined ? {} : { uid };
    const jobs = planned.map(({ id: successor, provider, kind }) => ({
      name: 'push.send' as const,
      id: successor,
      data: { v: 1 as const, notificationId, appId, ...user, provider, kind, expiresAt },
    }));
    await this.tools.queue.addAll(queueName, jobs);
    this.tools.logger.info(
      { notificationId, deliveryId: id, appId, successors: planned.map((successor) => successor.id) },
      'delivery.succeeded',
    );
  }
}
