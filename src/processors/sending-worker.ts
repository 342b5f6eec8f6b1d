import { Inject, Injectable } from '@nestjs/common';
import { FairShare } from '../channels/fair-share.js';
import { ProviderCircuitBreaker } from '../channels/provider-circuit-breaker.js';
import { ReportWatch } from '../channels/sms/report-watch.js';
import { SendPermits } from '../channels/send-permits.js';
import { Ledger } from '../deliveries/ledger.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { QueueWorker, type QueueJob } from '../queue/queue-worker.js';
import { DeliveryJob } from './delivery-job.js';
import { NotificationJob } from './notification-job.js';

/** A job of a queue whose worker sends. */
type SendingJob =
  | QueueJob<'notification.send'>
  | QueueJob<'notification.plan'>
  | QueueJob<'push.send'>
  | QueueJob<'sms.send'>
  | QueueJob<'sms.await-receipt'>;

/** The jobs of the workers that send. */
@Injectable()
export class SendingJobs {
  constructor(
    readonly config: GatewayConfig,
    readonly breaker: ProviderCircuitBreaker,
    readonly notifications: NotificationJob,
    readonly deliveries: DeliveryJob,
    readonly reportWatch: ReportWatch,
    readonly ledger: Ledger,
    @Inject(LOGGER) readonly logger: Logger,
  ) {}
}

/** A worker that sends. Its accounts share its capacity. */
@Injectable()
export abstract class SendingWorker extends QueueWorker {
  private ownPermits: SendPermits | undefined;

  constructor(private readonly jobs: SendingJobs) {
    super(jobs.logger, FairShare.jobsFor(jobs.config.delivery.concurrency));
  }

  private get sendPermits(): SendPermits {
    return (this.ownPermits ??= new SendPermits(
      this.jobs.breaker,
      () => this.sharded.concurrency,
      this.isForCalls,
    ));
  }

  protected override handle(job: SendingJob, signal: AbortSignal, crashes: number): Promise<void> {
    const { notifications, deliveries, reportWatch } = this.jobs;
    switch (job.name) {
      case 'notification.send':
      case 'notification.plan':
        return notifications.run(job, this.sendPermits, { signal, crashes });
      case 'push.send':
      case 'sms.send':
        return deliveries.run(job, this.sendPermits, signal);
      case 'sms.await-receipt':
        return reportWatch.check(job.data);
    }
  }

  protected override async markDeadLettered(job: SendingJob): Promise<void> {
    const id = job.id ?? '';
    switch (job.name) {
      case 'notification.send':
      case 'notification.plan':
        return this.jobs.ledger.markDeadLettered({ notificationId: id });
      case 'push.send':
      case 'sms.send':
        return this.jobs.ledger.markDeadLettered({ id });
      // Its SMS has been sent.
      case 'sms.await-receipt':
        return undefined;
    }
  }
}
