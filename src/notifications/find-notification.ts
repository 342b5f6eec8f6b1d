import type { JobQueue } from '../queue/job-queue.js';
import { NOTIFICATION_QUEUES, type SendNotification } from '../queue/jobs.js';

/**
 * Finds a notification in the ledger, or in the queue while it is not planned yet.
 *
 * @param inLedger called a second time if the queue does not have it, because it may have been planned in between.
 */
export async function findNotification<T>(
  inLedger: () => Promise<T | undefined>,
  queue: JobQueue,
  notificationId: string,
): Promise<{ readonly record: T } | { readonly accepted: SendNotification } | undefined> {
  const record = await inLedger();
  if (record !== undefined) return { record };
  const accepted = await findJob(queue, notificationId);
  if (accepted) return { accepted };
  const planned = await inLedger();
  return planned === undefined ? undefined : { record: planned };
}

async function findJob(queue: JobQueue, notificationId: string): Promise<SendNotification | undefined> {
  const found = await Promise.all(
    NOTIFICATION_QUEUES.map((queueName) =>
      queue.find(queueName, ['notification.send', 'notification.plan'], notificationId),
    ),
  );
  return found.find((payload) => payload !== undefined);
}

/** Whether its job is dead-lettered. */
export async function isNotificationDeadLettered(queue: JobQueue, notificationId: string): Promise<boolean> {
  const found = await Promise.all(
    NOTIFICATION_QUEUES.map((queueName) => queue.isDeadLettered(queueName, notificationId)),
  );
  return found.includes(true);
}
