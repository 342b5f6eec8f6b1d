import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { Logger } from 'pino';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { JobQueue } from '../queue/job-queue.js';
import { LaneWorker, WORKER_OPTIONS } from '../queue/lane-worker.js';
import { Ledger } from './ledger.js';

const MS_PER_DAY = 86_400_000;
const EVERY_MS = 3_600_000;

/** Deletes what is older than the ledger remembers, every hour, once over all processes. */
@Processor('upkeep', WORKER_OPTIONS)
export class PruneProcessor extends LaneWorker {
  constructor(
    private readonly config: GatewayConfig,
    private readonly ledger: Ledger,
    private readonly queue: JobQueue,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, 1);
  }

  override async start(): Promise<void> {
    await this.queue.schedule('upkeep', 'ledger.prune', EVERY_MS, {});
  }

  protected override async handle(): Promise<void> {
    const before = new Date(Date.now() - this.config.ledger.retentionDays * MS_PER_DAY);
    const notifications = await this.ledger.prune(before);
    this.logger.info({ notifications, before }, 'ledger.pruned');
  }
}
