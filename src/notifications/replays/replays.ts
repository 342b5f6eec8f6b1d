import { Inject, Injectable } from '@nestjs/common';
import type { ReplayRecord, ReplayState } from '../../deliveries/replays/replay-records.js';
import { ReplayRepository, type NewReplay } from '../../deliveries/replays/replay.repository.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import type { Logger } from '../../platform/logging/logger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { JobQueue, QueueUnavailable } from '../../queue/job-queue.js';
import { replayJob } from './replay-job.js';

/** Longest wait in ms for the queue. */
const QUEUED_WITHIN_MS = 2_000;

/** States that a replay may be given, with those from which it is. */
const FROM = {
  running: ['paused'],
  paused: ['running'],
  cancelled: ['running', 'paused'],
} as const satisfies Partial<Record<ReplayState, readonly ReplayState[]>>;

/** States that a caller may set. */
export type RequestedState = keyof typeof FROM;
export const REQUESTED_STATES = Object.keys(FROM) as readonly RequestedState[];

/** Creates replays, and pauses, resumes and cancels them. */
@Injectable()
export class Replays {
  constructor(
    private readonly replays: ReplayRepository,
    private readonly queue: JobQueue,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async create(replay: NewReplay): Promise<ReplayRecord> {
    const created = await this.replays.create(replay);
    const { id: replayId, perSecond, createdBy, filter } = created;
    this.logger.info({ replayId, appId: filter.appId, perSecond, by: createdBy }, 'replay.created');
    await this.enqueue(created);
    return created;
  }

  /**
   * @param appId the caller's app; undefined: any app.
   * @throws GatewayError `REPLAY.NOT_FOUND`
   */
  async find(id: string, appId: string | undefined): Promise<ReplayRecord> {
    const found = await this.replays.find(id, appId);
    if (!found) throw new GatewayError('REPLAY.NOT_FOUND');
    return found;
  }

  /**
   * Pauses, resumes or cancels a replay. Of the current second, notifications may still be sent.
   *
   * @param by name of the caller's credential.
   * @throws GatewayError `REPLAY.ENDED` if it has ended in another way.
   */
  async change(
    { id, state: before, filter }: ReplayRecord,
    state: RequestedState,
    by: string,
  ): Promise<ReplayRecord> {
    const { appId } = filter;
    const hasChanged = await this.replays.change(id, FROM[state], state);
    const replay = await this.find(id, appId);
    if (hasChanged) this.logger.info({ replayId: id, appId, before, state, by }, 'replay.changed');
    else if (replay.state !== state) throw new GatewayError('REPLAY.ENDED');
    if (hasChanged && state === 'running') await this.enqueue(replay);
    return replay;
  }

  /** While the queue is unavailable, `replay.watch` enqueues it later. */
  private async enqueue(replay: ReplayRecord): Promise<void> {
    try {
      await this.queue.add({ queueName: 'replays', ...replayJob(replay) }, QUEUED_WITHIN_MS);
    } catch (err) {
      if (!(err instanceof QueueUnavailable)) throw err;
      this.logger.warn({ replayId: replay.id, err }, 'replay.start_postponed');
    }
  }
}
