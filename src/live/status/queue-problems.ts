import type { JobState } from '../../queue/queue-load.js';
import { NOTIFICATION_QUEUES, type QueueName } from '../../queue/jobs.js';
import type { Problem } from './problem.js';

/** Queues whose jobs are notifications. */
const OF_NOTIFICATIONS: ReadonlySet<QueueName> = new Set(NOTIFICATION_QUEUES);

/** Jobs that failed for good and wait for an operator. */
export function deadLetterProblems(
  counts: readonly { readonly queueName: QueueName; readonly state: JobState; readonly jobs: number }[],
): Problem[] {
  return counts
    .filter(({ state, jobs }) => state === 'failed' && jobs > 0)
    .map(({ queueName, jobs }) => ({
      ...({ kind: 'dead_letter', page: '/queue-state' } as const),
      severity: OF_NOTIFICATIONS.has(queueName) ? 'error' : 'warning',
      text:
        jobs === 1
          ? `1 job of the queue ${queueName} failed for good. Its work stays undone until someone retries or removes it.`
          : `${jobs.toLocaleString('en')} jobs of the queue ${queueName} failed for good. Their work stays undone until someone retries or removes them.`,
    }));
}

/** Events that wait on the disk of this process. */
export function spoolProblems(events: number): Problem[] {
  if (events === 0) return [];
  const isOne = events === 1;
  return [
    {
      ...({ kind: 'spool', severity: 'warning', page: '/queue-state' } as const),
      text: `${isOne ? '1 event waits' : `${events.toLocaleString('en')} events wait`} on the disk of this process, because the queue was unavailable. ${isOne ? 'It is' : 'They are'} delivered as soon as it answers.`,
    },
  ];
}
