import type { Job, Queue } from 'bullmq';
import type { QueueName } from './jobs.js';

export const JOB_STATES = ['waiting', 'active', 'delayed', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** A queue, as a scaler sees it. */
export interface QueueLoad extends ShardLoad {
  readonly name: QueueName;
}

export interface ShardLoad {
  /** Jobs that a worker may fetch now, and those of a paused queue. */
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly failed: number;
  readonly paused: boolean;
  /** How long the oldest waiting job has waited; null without one. */
  readonly oldestSeconds: number | null;
  /** Workers that are connected. */
  readonly workers: number;
}

/** When a waiting job became due, in ms since the epoch; the delay of a retry counts as waiting. */
const waitingSince = ({ timestamp, opts, processedOn = 0 }: Job): number =>
  Math.max(timestamp + (opts.delay ?? 0), processedOn);

/** BullMQ counts waiting jobs that yield to others apart, as prioritized. */
export async function countsOf(queue: Queue): Promise<Record<JobState, number>> {
  const counts = await queue.getJobCounts(...JOB_STATES, 'prioritized');
  const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts;
  return { waiting: waiting + prioritized, active, delayed, failed };
}

/** Asks the store. */
export async function loadOf(queue: Queue): Promise<ShardLoad> {
  const [counts, paused, oldest, workers] = await Promise.all([
    countsOf(queue),
    queue.isPaused(),
    queue.getJobs(['waiting', 'prioritized'], 0, 0, true) as Promise<(Job | undefined)[]>,
    queue.getWorkersCount(),
  ]);
  const since = oldest.flatMap((job) => (job ? [waitingSince(job)] : []));
  return {
    ...{ ...counts, paused, workers },
    oldestSeconds:
      since.length > 0 ? Math.max(0, Math.round((Date.now() - Math.min(...since)) / 1_000)) : null,
  };
}

/** Two shards of a queue. Each process has one worker for every shard. */
export function sumOf(a: ShardLoad, b: ShardLoad): ShardLoad {
  const ages = [a.oldestSeconds, b.oldestSeconds].filter((age) => age !== null);
  return {
    waiting: a.waiting + b.waiting,
    active: a.active + b.active,
    delayed: a.delayed + b.delayed,
    failed: a.failed + b.failed,
    paused: a.paused || b.paused,
    oldestSeconds: ages.length === 0 ? null : Math.max(...ages),
    workers: Math.max(a.workers, b.workers),
  };
}
