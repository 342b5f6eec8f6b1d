import type { JobQueue } from '../queue/job-queue.js';
import { PLAN_QUEUES, type PlanNotification } from '../queue/jobs.js';

/**
 * Finds a notification in the ledger, or in the queue while it is not planned yet.
 *
 * @param inLedger called a second time if the queue does not have it, because it may have been planned in between.
 */
export async function findRecordOrPlan<T>(
  inLedger: () => Promise<T | undefined>,
  queue: JobQueue,
  notificationId: string,
): Promise<{ readonly record: T } | { readonly accepted: PlanNotification } | undefined> {
  const record = await inLedger();
  if (record !== undefined) return { record };
  const accepted = await findPlan(queue, notificationId);
  if (accepted) return { accepted };
  const planned = await inLedger();
  return planned === undefined ? undefined : { record: planned };
}

async function findPlan(queue: JobQueue, notificationId: string): Promise<PlanNotification | undefined> {
  for (const queueName of PLAN_QUEUES) {
    const accepted = await queue.find(queueName, 'notification.plan', notificationId);
    if (accepted) return accepted;
  }
  return undefined;
}

/** Whether its plan job is dead-lettered. */
export async function isPlanDeadLettered(queue: JobQueue, notificationId: string): Promise<boolean> {
  const found = await Promise.all(
    PLAN_QUEUES.map((queueName) => queue.isDeadLettered(queueName, notificationId)),
  );
  return found.includes(true);
}
