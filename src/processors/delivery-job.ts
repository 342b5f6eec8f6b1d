import { Injectable } from '@nestjs/common';
import { DeliveryRun } from '../channels/delivery-run.js';
import type { SendPermits } from '../channels/send-permits.js';
import { RetryLater, type QueueJob } from '../queue/queue-worker.js';

/** The job of a single delivery, which the job of its notification has left over. */
@Injectable()
export class DeliveryJob {
  constructor(private readonly deliveries: DeliveryRun) {}

  /** @throws RetryLater */
  async run(
    job: QueueJob<'push.send' | 'sms.send'>,
    sendPermits: SendPermits,
    signal: AbortSignal,
  ): Promise<void> {
    const delivery = { ...job.data, id: job.id ?? '' };
    const permit = await sendPermits.take(delivery);
    if ('state' in permit) throw new RetryLater(permit.inMs, permit.why);
    const next = await this.deliveries
      .run(delivery, { isUrgent: sendPermits.isUrgent, signal })
      .finally(() => permit.end());
    if (next.state === 'later') throw new RetryLater(next.inMs, next.why);
  }
}
