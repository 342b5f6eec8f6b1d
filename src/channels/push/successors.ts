import type { LostDelivery } from '../../deliveries/records.js';
import type { NextStep } from '../next-step.js';
import type { DeliveryTools } from '../delivery-worker.js';
import type { SendDelivery } from '../../queue/jobs.js';

/** What a job says of the delivery that has successors. */
export type LostDeliveryJob = LostDelivery & Pick<SendDelivery, 'appId' | 'uid' | 'expiresAt'>;

/**
 * Sends a push elsewhere in its session when its address turns out not to get it: to a newer token of the same kind,
 * and a ring that no VoIP token takes to the alert tokens of that phone.
 *
 * They are planned before the end of the first delivery is on record and ordered after it. A process that dies in
 * between leaves a job, which orders them; so nothing is lost, and nothing is planned twice.
 */
export class Successors {
  constructor(private readonly tools: DeliveryTools) {}

  /** Whether the vendor decided that this address gets nothing, so that it cannot have got the push either. */
  static areWantedAfter({ status, outcome }: NextStep): boolean {
    return status === 'failed' && (outcome === 'refused' || outcome === 'misconfigured');
  }

  /** @returns whether there are any. */
  plan(lost: LostDelivery): Promise<boolean> {
    return this.tools.ledger.planInstead(lost);
  }

  /** Safe to do again: jobs have their deliveries' ids. */
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
