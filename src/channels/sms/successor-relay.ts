import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from '../../platform/logging/logger.js';
import { Ledger } from '../../deliveries/ledger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { JobQueue } from '../../queue/job-queue.js';

/** What nobody has handed over at once, because its process ended or the queue was away, waits no longer than this. */
const EVERY_MS = 5_000;
const BATCH = 500;

/**
 * Puts the jobs of texts into the queue that go to the next vendor because one reported a failure. The ledger notes
 * them together with the report, so that none is lost between the two stores; twice in the queue, a text is sent once.
 */
@Injectable()
export class SuccessorRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ledger: Ledger,
    private readonly queue: JobQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.relay(), EVERY_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** While a store is away nothing is handed over, and nothing forgotten: the next time does it. */
  async relay(): Promise<void> {
    try {
      const due = await this.ledger.dueSuccessors(BATCH);
      if (due.length === 0) return;
      const orders = due.flatMap((text) => {
        if (text.notificationId === null) return [];
        const { deliveryId: id, notificationId, appId, uid, provider } = text;
        const expiresAt = text.expiresAt.getTime();
        const data = { v: 1, notificationId, appId, uid, provider, kind: 'sms', expiresAt } as const;
        return [{ name: 'sms.send', id, data } as const];
      });
      await this.queue.addAll('sms', orders);
      await this.ledger.forgetSuccessors(due.map(({ deliveryId }) => deliveryId));
      this.logger.info({ texts: orders.length }, 'sms.handed_to_next_vendor');
    } catch (err) {
      this.logger.warn({ err }, 'sms.not_handed_on');
    }
  }
}
