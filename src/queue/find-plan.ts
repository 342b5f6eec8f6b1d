import type { JobQueue } from './job-queue.js';
import { PLAN_LANES, type PlanNotification } from './jobs.js';

/**
 * Finds a notification where it is: in the ledger, or, as long as it has not been planned, in the queue.
 *
 * @param inLedger is asked again where the queue has it no longer: it may have been planned between the two look-ups.
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
  for (const lane of PLAN_LANES) {
    const accepted = await queue.find(lane, 'notification.plan', notificationId);
    if (accepted) return accepted;
  }
  return undefined;
}

/** Whether it waits for an operator instead of being planned. */
export async function isPlanSetAside(queue: JobQueue, notificationId: string): Promise<boolean> {
  const found = await Promise.all(PLAN_LANES.map((lane) => queue.isSetAside(lane, notificationId)));
  return found.includes(true);
}
