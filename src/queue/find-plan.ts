import type { JobQueue } from './job-queue.js';
import { PLAN_LANES, type PlanNotification } from './jobs.js';

/** A notification that was accepted a moment ago and that the ledger may not have heard of yet. */
export async function findPlan(
  queue: JobQueue,
  notificationId: string,
): Promise<PlanNotification | undefined> {
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
