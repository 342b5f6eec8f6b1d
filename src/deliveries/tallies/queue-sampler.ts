import { Inject, Injectable } from '@nestjs/common';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { Logger } from '../../platform/logging/logger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { JobQueue } from '../../queue/job-queue.js';
import { JOB_STATES } from '../../queue/queue-load.js';
import { OLDEST } from './measures.js';
import { rowsOf } from './rows-of.js';
import { TallyRepository } from './tally.repository.js';

/** Slightly less than the interval of `TallyTimer`, whose timers are late at times. */
const EVERY_SECONDS = 9;
/** Time limit of the ping before counting: an unreachable store is not asked. */
const PROBE_MS = 1_000;

/** Tallies the depth of the queues and the age of their oldest waiting jobs: once over all processes, of any role. */
@Injectable()
export class QueueSampler {
  constructor(
    private readonly queue: JobQueue,
    private readonly tallies: TallyRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Samples, unless another process has just done so. Logs failures; the next sample is due in ten seconds. */
  async sample(): Promise<void> {
    try {
      if (await this.tallies.claimSample(EVERY_SECONDS)) await this.record();
    } catch (err) {
      this.logger.debug({ err }, 'tally.queues_not_sampled');
    }
  }

  private async record(): Promise<void> {
    await this.queue.ping(PROBE_MS);
    const values = (await this.queue.loads()).flatMap(({ name: queue, ...load }) => [
      ...JOB_STATES.map((state) => ({ queue, state, n: load[state] })),
      { queue, state: OLDEST, n: load.oldestSeconds ?? 0 },
    ]);
    const atMs = Date.now();
    const rows = values
      .filter(({ n }) => n > 0)
      .flatMap(({ n, ...labels }) =>
        rowsOf({ measure: 'queue', appId: '', labels: canonicalJson(labels), n }, atMs),
      );
    rows.push(...rowsOf({ measure: 'queue_sample', appId: '', labels: '{}', n: 1 }, atMs));
    await this.tallies.setQueues(rows);
  }
}
