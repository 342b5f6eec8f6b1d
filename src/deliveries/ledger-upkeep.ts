import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Logger } from '../platform/logging/logger.js';
import { AuditRepository } from '../platform/audit/audit.repository.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { JobQueue } from '../queue/job-queue.js';
import { UpkeepTasks, type UpkeepTask } from '../queue/upkeep-tasks.js';
import { DuplicateCounts } from './duplicate-counts.js';
import { Ledger } from './ledger.js';
import { TallyRepository } from './tallies/tally.repository.js';
import { ReplayRepository } from './replays/replay.repository.js';

const MS_PER_DAY = 86_400_000;
const EVERY_MS = 3_600_000;

/**
 * Creates upcoming partitions of the ledger and the tallies when a process starts and every hour. Deletes data past its
 * retention every hour, once across all processes.
 */
@Injectable()
export class LedgerUpkeep implements UpkeepTask<'ledger.prune'>, OnModuleInit {
  constructor(
    private readonly config: GatewayConfig,
    private readonly ledger: Ledger,
    private readonly audit: AuditRepository,
    private readonly replays: ReplayRepository,
    private readonly tallies: TallyRepository,
    private readonly duplicates: DuplicateCounts,
    private readonly queue: JobQueue,
    private readonly tasks: UpkeepTasks,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.tasks.add('ledger.prune', this);
  }

  /** Creates partitions before the first job: after weeks without a gateway there are none, and writing begins at once. */
  async start(): Promise<void> {
    await this.makePartitions().catch((err: unknown) => {
      this.logger.warn({ err }, 'ledger.partitions_not_made');
    });
    await this.queue.schedule('upkeep', 'ledger.prune', EVERY_MS, {});
  }

  async run(): Promise<void> {
    await this.makePartitions();
    const before = new Date(Date.now() - this.config.ledger.retentionDays * MS_PER_DAY);
    const { notifications, partitions } = await this.ledger.prune(before);
    await this.audit.prune(before);
    await this.replays.deleteBefore(before);
    await this.duplicates.deleteBefore(before);
    this.logger.info({ notifications, partitions: partitions.done, before }, 'ledger.pruned');
    const tallies = await this.tallies.prune();
    this.warnAbout([...partitions.postponed, ...tallies.postponed]);
  }

  private async makePartitions(): Promise<void> {
    const made = [await this.ledger.makePartitions(), await this.tallies.makePartitions()];
    const done = made.flatMap((upkeep) => upkeep.done);
    if (done.length > 0) this.logger.info({ partitions: done }, 'ledger.partitions_made');
    this.warnAbout(made.flatMap(({ postponed }) => postponed));
  }

  private warnAbout(postponed: readonly string[]): void {
    if (postponed.length > 0) this.logger.warn({ partitions: postponed }, 'ledger.partitions_in_use');
  }
}
