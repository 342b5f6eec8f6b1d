import { Processor } from '@nestjs/bullmq';
import { Inject, Module } from '@nestjs/common';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import type { JobName } from './jobs.js';
import { QueueWorker, WORKER_OPTIONS, type QueueJob } from './queue-worker.js';
import { UpkeepTasks } from './upkeep-tasks.js';

/** Tasks that run at once; a slow vendor delays no other task. */
const CONCURRENCY = 4;

/** Runs the tasks of all stages. */
@Processor('upkeep', WORKER_OPTIONS)
export class UpkeepProcessor extends QueueWorker {
  constructor(
    private readonly tasks: UpkeepTasks,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, CONCURRENCY);
  }

  override async start(): Promise<void> {
    await Promise.all(this.tasks.all().map((task) => task.start()));
  }

  protected override async handle(job: QueueJob<JobName>, signal: AbortSignal): Promise<void> {
    const task = this.tasks.find(job.name);
    if (!task) throw new Error(`No task runs the job ${job.name}.`);
    await task.run(job.data as never, signal);
  }
}

/** The upkeep of a worker process. */
@Module({ providers: [UpkeepProcessor] })
export class UpkeepModule {}
