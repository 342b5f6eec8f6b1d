import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Sql } from '../../platform/database/database.module.js';
import type { Logger } from '../../platform/logging/logger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { CallbackNonceRepository } from './callbacks/callback-nonce.repository.js';
import { deleteCounters } from './guard/counters.sql.js';

const INTERVAL_MS = 3_600_000;
const NONCES_KEPT_MS = 7 * 86_400_000;
/** Exceeds the longest window, a month. */
const COUNTERS_KEPT_MS = 40 * 86_400_000;

/**
 * Deletes expired counters of the cost guard and nonces of callbacks every hour. No reservation or callback uses them, so
 * no lock is needed. After an error, the next run deletes them.
 */
@Injectable()
export class SmsUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    private readonly nonces: CallbackNonceRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.prune(), INTERVAL_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async prune(now = Date.now()): Promise<void> {
    await this.pruneCounters(new Date(now - COUNTERS_KEPT_MS));
    await this.pruneNonces(new Date(now - NONCES_KEPT_MS));
  }

  private async pruneCounters(before: Date): Promise<void> {
    try {
      const counters = await deleteCounters(this.sql, before);
      if (counters > 0) this.logger.info({ counters }, 'sms.counters_pruned');
    } catch (err) {
      this.logger.warn({ err }, 'sms.counters_not_pruned');
    }
  }

  private async pruneNonces(before: Date): Promise<void> {
    try {
      const nonces = await this.nonces.deleteBefore(before);
      if (nonces > 0) this.logger.info({ nonces }, 'sms.nonces_pruned');
    } catch (err) {
      this.logger.warn({ err }, 'sms.nonces_not_pruned');
    }
  }
}
