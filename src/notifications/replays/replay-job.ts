import type { JobRequest } from '../../queue/job-queue.js';

/** The job that runs a replay after its start number `run`. */
export function replayJob({
  id: replayId,
  run,
}: {
  readonly id: string;
  readonly run: number;
}): Omit<JobRequest<'replay.run'>, 'queueName'> {
  return { name: 'replay.run', id: `${replayId}-${run}`, data: { v: 1, replayId, run } };
}
