import { RedisQueueBackend, type Worker } from 'bullmq';

/** Longer than BullMQ means to wait for a job (11 s at most), in milliseconds. */
const WAITS_AT_MOST_MS = 20_000;

/**
 * Has a worker look for jobs again whatever became of its waiting connection.
 *
 * BullMQ gives an overdue wait up by itself, and then waits for that connection to end and to come back, without a limit.
 * Of a Cluster's, ioredis does not always tell that it did, after a node was gone: the lane would stand still for good,
 * and nobody would see why.
 */
export function boundWaits(worker: Worker): void {
  const backend = worker.getBackend();
  if (!(backend instanceof RedisQueueBackend)) return;
  const waitForJob = backend.waitForJob.bind(backend);
  const reconnect = backend.reconnectBlocking.bind(backend);
  backend.waitForJob = (seconds) => atMost(WAITS_AT_MOST_MS, waitForJob(seconds), null);
  backend.reconnectBlocking = () => atMost(WAITS_AT_MOST_MS, reconnect(), undefined);
}

/** @param otherwise what is returned where the work takes longer */
async function atMost<T>(ms: number, work: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
