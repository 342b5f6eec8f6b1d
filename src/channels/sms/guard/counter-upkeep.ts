import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from '../../../platform/logging/logger.js';
import { Sql } from '../../../platform/database/database.module.js';
import { LOGGER } from '../../../platform/logging/logging.module.js';
import { deleteCounters } from './counters.sql.js';

const INTERVAL_MS = 3_600_000;
/** Exceeds the longest window, a month. */
const KEPT_MS = 40 * 86_400_000;

/** Deletes expired counters of the cost guard. No reservation uses them, so no lock is needed. */
@Injectable()
export class CounterUpkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.prune(), INTERVAL_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** After an error, the next run deletes the counters. */
  async prune(): Promise<void> {
    try {
      const counters = await deleteCounters(this.sql, new Date(Date.now() - KEPT_MS));
      if (counters > 0) this.logger.info({ counters }, 'sms.counters_pruned');
    } catch (err) {
      this.logger.warn({ err }, 'sms.counters_not_pruned');
    }
  }
}
