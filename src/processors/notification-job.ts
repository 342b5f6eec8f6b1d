import { Injectable } from '@nestjs/common';
import { DeliveryRun } from '../channels/delivery-run.js';
import type { Later } from '../channels/next.js';
import type { Circumstances } from '../channels/sender.js';
import type { SendPermit, SendPermits } from '../channels/send-permits.js';
import type { QueuedDelivery } from '../deliveries/records.js';
import { channelOf, type ClaimedDelivery, type PlannedDelivery } from '../domain/delivery.js';
import { CHANNELS } from '../domain/notification.js';
import { JobQueue } from '../queue/job-queue.js';
import { queueOf } from '../queue/jobs.js';
import { DeadLetter, RetryLater, type QueueJob } from '../queue/queue-worker.js';
import { sendJob } from '../queue/send-job.js';
import { Planning, UnreadableContent, type Draft } from '../recipients/planning/planning.js';

/** A draft with the crashes of its job, which the jobs that it leaves over inherit. */
type SuspectDraft = Draft & { readonly crashes: number };

/** Permits by the id of their delivery. */
type Permits = ReadonlyMap<string, SendPermit | Later>;

/**
 * The job of a notification: plans it, records the plan, and makes the first attempt of each of its deliveries. Every
 * delivery that is left over gets a job of its own: to be retried, delayed by a rule, or waiting for its account.
 */
@Injectable()
export class NotificationJob {
  constructor(
    private readonly planning: Planning,
    private readonly deliveries: DeliveryRun,
    private readonly queue: JobQueue,
  ) {}

  /**
   * Safe to repeat after a crash at any point: the ledger keeps the first plan, and each delivery of it that is not
   * settled gets a job of its own, unless it has one.
   *
   * @throws RetryLater, DeadLetter
   */
  async run(
    job: QueueJob<'notification.send' | 'notification.plan'>,
    sendPermits: SendPermits,
    { signal, crashes }: { readonly signal: AbortSignal; readonly crashes: number },
  ): Promise<void> {
    const draft = await this.draft(job, crashes);
    const permits = await takePermits(draft, sendPermits);
    try {
      const { claimed, queued } = await this.planning.record(draft, permitted(permits));
      const circumstances = { isUrgent: sendPermits.isUrgent, signal };
      const results = await Promise.allSettled([
        this.enqueue(draft, queued, permits),
        ...claimed.map((delivery) => this.send(draft, delivery, permits, circumstances)),
      ]);
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    } finally {
      for (const permit of permits.values()) if ('end' in permit) permit.end();
    }
  }

  private async draft(
    job: QueueJob<'notification.send' | 'notification.plan'>,
    crashes: number,
  ): Promise<SuspectDraft> {
    try {
      const draft = await this.planning.draft(job.id ?? '', job.data, job.attemptsMade);
      // Nothing is on record yet; the API shows the waiting job as queued.
      if ('postponedMs' in draft) throw new RetryLater(draft.postponedMs, draft.why);
      return { ...draft, crashes };
    } catch (error) {
      throw error instanceof UnreadableContent ? new DeadLetter(error.message) : error;
    }
  }

  private async send(
    draft: SuspectDraft,
    claimed: ClaimedDelivery,
    permits: Permits,
    circumstances: Circumstances,
  ): Promise<void> {
    const { id, provider, kind } = claimed;
    const delivery = { ...jobFields(draft), id, provider, kind };
    const next = await this.deliveries.run(delivery, circumstances, claimed).finally(() => {
      const permit = permits.get(id);
      if (permit && 'end' in permit) permit.end();
    });
    if (next.state === 'later') await this.add(draft, [{ id, provider, kind, dueInMs: next.inMs }]);
  }

  /** Enqueues the deliveries that are not sent now. */
  private enqueue(draft: SuspectDraft, queued: readonly QueuedDelivery[], permits: Permits): Promise<void> {
    const ruleMs = waitMsOf(draft);
    const due = queued.map((delivery) => {
      const permit = permits.get(delivery.id);
      const permitMs = permit && 'inMs' in permit ? permit.inMs : 0;
      return { ...delivery, dueInMs: Math.max(ruleMs, delivery.dueInMs ?? 0, permitMs) };
    });
    return this.add(draft, due);
  }

  private async add(draft: SuspectDraft, deliveries: readonly QueuedDelivery[]): Promise<void> {
    const isForCall = draft.notification.kind === 'call';
    await Promise.all(
      CHANNELS.map(async (channel) => {
        const own = deliveries.filter((delivery) => channelOf(delivery) === channel);
        const jobs = own.map((delivery) => ({
          ...sendJob(delivery, jobFields(draft), delivery.dueInMs ?? 0),
          // Deliveries that wait for a failing vendor, due by the thousand, would hold up the others.
          yields: !isForCall,
        }));
        if (jobs.length > 0) await this.queue.addAll(queueOf(channel, isForCall), jobs);
      }),
    );
  }
}

/** Takes a permit for each delivery that may be sent now, on the channel of its notification. */
async function takePermits(draft: SuspectDraft, sendPermits: SendPermits): Promise<Permits> {
  const { plan, notification } = draft;
  if ('skipped' in plan || waitMsOf(draft) > 0) return new Map();
  const isFirst = (delivery: PlannedDelivery): boolean =>
    delivery.skip === undefined && channelOf(delivery) === notification.channel;
  const { appId, expiresAt } = notification;
  return new Map(
    await Promise.all(
      plan.deliveries.filter(isFirst).map(async ({ id, provider, kind }) => {
        const permit = await sendPermits.take({ id, appId, provider, kind, expiresAt: expiresAt.getTime() });
        return [id, permit] as const;
      }),
    ),
  );
}

const permitted = (permits: Permits): ReadonlySet<string> =>
  new Set([...permits].flatMap(([id, permit]) => ('end' in permit ? [id] : [])));

/** Milliseconds that the rules delay a notification; never longer than their delay, because clocks may jump. */
function waitMsOf({ notification: { kind, receivedAt }, notBefore }: Draft): number {
  // A call's pushes are useless later, so neither its ring nor its end is delayed.
  if (kind === 'call') return 0;
  return Math.max(0, notBefore.getTime() - Math.max(receivedAt.getTime(), Date.now()));
}

const jobFields = ({ notification: { id, appId, uid, expiresAt }, crashes }: SuspectDraft) => ({
  notificationId: id,
  appId,
  uid,
  expiresAt: expiresAt.getTime(),
  crashes,
});
