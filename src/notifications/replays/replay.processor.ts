import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import { ReplayRepository } from '../../deliveries/replays/replay.repository.js';
import type { Logger } from '../../platform/logging/logger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { JobQueue } from '../../queue/job-queue.js';
import type { RunReplay } from '../../queue/jobs.js';
import { QueueWorker, RetryLater, WORKER_OPTIONS, type QueueJob } from '../../queue/queue-worker.js';
import { replayJob } from './replay-job.js';
import { ReplayRunner } from './replay-runner.js';

/** Interval in ms of the steps of one replay, each of which sends as many notifications as it may per second. */
const STEP_EVERY_MS = 1_000;
/** Time in ms for the parts of one step; then the job returns to the queue. */
const STEP_WITHIN_MS = 5_000;
const WATCH_EVERY_MS = 30_000;
/** A running replay without a step for this time in ms has lost its job. */
const LOST_AFTER_MS = 60_000;
/** Replays at the same time in one process. */
const CONCURRENCY = 4;

/**
 * Runs replays step by step. The database allows one step per second and replay, whatever the number of processes, and
 * holds the position, so that another process goes on where one has ended.
 */
@Processor('replays', WORKER_OPTIONS)
export class ReplayProcessor extends QueueWorker {
  constructor(
    private readonly replays: ReplayRepository,
    private readonly runner: ReplayRunner,
    private readonly queue: JobQueue,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, CONCURRENCY);
  }

  override async start(): Promise<void> {
    await this.queue.schedule('replays', 'replay.watch', WATCH_EVERY_MS, {});
  }

  protected override async handle(
    job: QueueJob<'replay.run'> | QueueJob<'replay.watch'>,
    signal: AbortSignal,
  ): Promise<void> {
    switch (job.name) {
      case 'replay.run':
        return this.run(job.data, signal);
      case 'replay.watch':
        return this.restart();
    }
  }

  /** @throws RetryLater until the replay no longer runs. */
  private async run({ replayId: id, run }: RunReplay, signal: AbortSignal): Promise<void> {
    const waitMs = await this.replays.takeStep({ id, run }, STEP_EVERY_MS);
    if (waitMs === undefined) return;
    if (waitMs > 0) throw new RetryLater(waitMs, 'the next step is not due');
    const startedAt = performance.now();
    const isOver = (): boolean => signal.aborted || performance.now() - startedAt > STEP_WITHIN_MS;
    for (let sent = 0; ;) {
      const replay = await this.replays.find(id);
      if (replay?.state !== 'running' || replay.run !== run) return;
      const step = await this.runner.step(replay, replay.perSecond - sent);
      if (step.isDone) {
        const { appId } = replay.filter;
        this.logger.info({ replayId: id, appId, sent: replay.sent + step.sent }, 'replay.done');
        return;
      }
      sent += step.sent;
      if (sent >= replay.perSecond || isOver()) break;
    }
    const leftMs = startedAt + STEP_EVERY_MS - performance.now();
    throw new RetryLater(Math.max(1, leftMs), 'the replay goes on');
  }

  private async restart(): Promise<void> {
    const stopped = await this.replays.restartStopped(LOST_AFTER_MS);
    if (stopped.length === 0) return;
    await this.queue.addAll('replays', stopped.map(replayJob));
    this.logger.warn({ replayIds: stopped.map(({ id }) => id) }, 'replay.restarted');
  }
}
