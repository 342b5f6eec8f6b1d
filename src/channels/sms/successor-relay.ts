import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from '../../platform/logging/logger.js';
import { SmsLedger } from '../../deliveries/sms-ledger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { JobQueue } from '../../queue/job-queue.js';
import { sendJob } from '../../queue/send-job.js';

/** Retries successors not enqueued immediately, because the process ended or the queue was unavailable. */
const INTERVAL_MS = 5_000;
const BATCH = 500;

/**
 * Enqueues SMS for the next vendor after one reported a failure. The ledger stores the successor together with the
 * report, so that none is lost between the two stores; an SMS enqueued twice is sent once.
 */
@Injectable()
export class SuccessorRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ledger: SmsLedger,
    private readonly queue: JobQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.relay(), INTERVAL_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** If a store is unavailable, the successors stay in the ledger and the next run enqueues them. */
  async relay(): Promise<void> {
    try {
      const due = await this.ledger.dueSuccessors(BATCH);
      if (due.length === 0) return;
      const jobs = due.flatMap((sms) => {
        if (sms.notificationId === null) return [];
        const { deliveryId: id, notificationId, appId, uid, provider } = sms;
        const expiresAt = sms.expiresAt.getTime();
        return [sendJob({ id, provider, kind: 'sms' }, { notificationId, appId, uid, expiresAt })];
      });
      await this.queue.addAll('sms', jobs);
      await this.ledger.forgetSuccessors(due.map(({ deliveryId }) => deliveryId));
      this.logger.info({ texts: jobs.length }, 'sms.handed_to_next_vendor');
    } catch (err) {
      this.logger.warn({ err }, 'sms.not_handed_on');
    }
  }
}
