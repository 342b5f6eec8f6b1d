import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { Logger } from '../../platform/logging/logger.js';
import { DuplicateCounts } from '../../deliveries/duplicate-counts.js';
import { RecipientErased } from '../../deliveries/erased-user.repository.js';
import { Ledger } from '../../deliveries/ledger.js';
import type { AcceptedNotification, QueuedDelivery, Plan } from '../../deliveries/records.js';
import { UserRecordRepository } from '../../deliveries/user-record.repository.js';
import { channelOf } from '../../domain/delivery.js';
import type { PushContent, SmsContent } from '../../domain/event.js';
import { CHANNELS, type Channel } from '../../domain/notification.js';
import type { Reason } from '../../domain/reason.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { JobQueue } from '../../queue/job-queue.js';
import { sendQueue } from '../../queue/jobs.js';
import {
  QueueWorker,
  DeadLetter,
  RetryLater,
  WORKER_OPTIONS,
  type QueueJob,
} from '../../queue/queue-worker.js';
import { expiryOf } from './lifetime.js';
import type { Accepted, Planned, Postponed } from './planned.js';
import { Planner } from './planner.js';
import { TextedMessageRepository } from './texted-message.repository.js';
import { within } from './targeted.js';

/** Plans accepted notifications: writes them to the ledger with their deliveries, and enqueues the send jobs. */
@Processor('plan', WORKER_OPTIONS)
export class PlanProcessor extends QueueWorker {
  constructor(
    private readonly config: GatewayConfig,
    private readonly planner: Planner,
    private readonly ledger: Ledger,
    private readonly records: UserRecordRepository,
    private readonly texted: TextedMessageRepository,
    private readonly duplicates: DuplicateCounts,
    private readonly queue: JobQueue,
    private readonly metrics: Metrics,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, config.delivery.concurrency);
  }

  /**
   * Safe to repeat after a crash at any point: the ledger keeps the first plan, and a job enqueued before is either
   * still in the queue, where its id prevents a second one, or settled, which its worker detects.
   */
  protected override async handle(job: QueueJob<'notification.plan'>): Promise<void> {
    const startedAt = performance.now();
    const {
      appId,
      channel,
      kind,
      uid,
      receivedAt,
      content,
      ttlSeconds,
      target,
      isAskedFor = false,
      reply,
      requestFingerprint,
      source = isAskedFor ? 'api' : reply ? 'reply' : 'webhook',
      originId = null,
      receivedBy = null,
      isRepeat = false,
    } = job.data;
    const id = job.id ?? '';
    const parsed = parse(content);
    const received = new Date(receivedAt);
    const push = 'notificationDetails' in parsed ? parsed : null;
    // Requested notifications, such as resends, skip the age check.
    const lifetime = { ...this.config.delivery, ...(isAskedFor ? { maxAgeMinutes: 0 } : {}) };
    const expiresAt = within(ttlSeconds, received, expiryOf(received, push, lifetime));
    const accepted = {
      ...{ id, appId, channel, kind, uid, receivedAt: received, content, expiresAt },
      requestFingerprint: requestFingerprint ?? null,
      ...{ source, originId, receivedBy },
    };
    const unsent = isRepeat ? REPEAT : expiresAt.getTime() <= Date.now() ? TOO_OLD : undefined;
    const planned = unsent
      ? { plan: unsent, rules: [], notBefore: received }
      : await this.plan(
          appId,
          { ...accepted, target, isAskedFor, reply, postponements: job.attemptsMade },
          parsed,
        );
    if ('postponedMs' in planned) throw this.postpone(id, appId, planned);
    const { plan, rules, leftOut = [], notBefore } = planned;
    const notes = { rules, leftOut, notBefore: notBefore > received ? notBefore.getTime() : undefined };
    const toSend = await this.ledger.plan(accepted, plan, notes).catch((error: unknown) => {
      if (!(error instanceof RecipientErased)) throw error;
      return undefined;
    });
    if (!toSend) return this.forget(accepted);
    if (isRepeat && originId !== null) this.duplicates.note(originId);
    await this.enqueue(accepted, toSend, notBefore);
    const skipped = unreachableChannels(plan, channel);
    for (const labels of skipped) this.metrics.deliveries.inc({ app: appId, ...labels });
    this.logger.info(
      {
        notificationId: id,
        appId,
        channel,
        kind,
        reason: skipped[0]?.reason,
        rules: rules.length > 0 ? rules : undefined,
        deliveries: toSend.length,
        durationMs: Math.round(performance.now() - startedAt),
      },
      'notification.planned',
    );
  }

  /** Deletes what planning has stored for a recipient who was erased after it was received. */
  private async forget({ id: notificationId, appId, uid }: AcceptedNotification): Promise<void> {
    await this.records.eraseStates({ appId, uid });
    await this.texted.erase({ appId, uid });
    this.logger.info({ notificationId, appId }, 'notification.recipient_erased');
  }

  /** Enqueues the send jobs, each on the queue of its channel. */
  private async enqueue(
    { id: notificationId, appId, uid, kind, receivedAt, expiresAt }: AcceptedNotification,
    deliveries: readonly QueuedDelivery[],
    notBefore: Date,
  ): Promise<void> {
    // Never longer than the rules' delay: clocks differ, and may jump.
    const from = Math.max(receivedAt.getTime(), Date.now());
    const waitMs = Math.max(0, notBefore.getTime() - from);
    for (const channel of CHANNELS) {
      const queueName = sendQueue(channel, kind);
      const jobs = deliveries
        .filter((delivery) => channelOf(delivery) === channel)
        .map(({ id, provider, kind: deviceKind }) => ({
          name: channel === 'sms' ? ('sms.send' as const) : ('push.send' as const),
          id,
          data: {
            v: 1 as const,
            notificationId,
            appId,
            uid,
            provider,
            kind: deviceKind,
            expiresAt: expiresAt.getTime(),
          },
          // A call's pushes are useless later, so neither its ring nor its end is delayed.
          delayMs: queueName === 'push-calls' ? 0 : waitMs,
        }));
      if (jobs.length > 0) await this.queue.addAll(queueName, jobs);
    }
  }

  /** Nothing is on record yet; the API shows the waiting job as queued. */
  private postpone(notificationId: string, appId: string, { postponedMs, why }: Postponed): RetryLater {
    this.logger.info({ notificationId, appId, why, delayMs: postponedMs }, 'notification.postponed');
    return new RetryLater(postponedMs, why);
  }

  private async plan(
    appId: string,
    accepted: Accepted,
    content: PushContent | SmsContent,
  ): Promise<Planned | Postponed> {
    const app = this.config.apps.find((candidate) => candidate.appId === appId);
    if (!app) {
      const plan = { skipped: 'skipped', reason: 'app_removed' } as const;
      return { plan, rules: [], notBefore: accepted.receivedAt };
    }
    return 'notificationDetails' in content
      ? this.planner.planPush(app, accepted, content)
      : this.planner.planSms(app, accepted, content);
  }
}

function parse(content: string): PushContent | SmsContent {
  try {
    return JSON.parse(content) as PushContent | SmsContent;
  } catch {
    throw new DeadLetter('its content is not JSON');
  }
}

const TOO_OLD: Plan = { skipped: 'expired', reason: 'too_old' };
const REPEAT: Plan = { skipped: 'skipped', reason: 'duplicate' };

/** The channels on which nothing is sent, with the reasons. */
function unreachableChannels(
  plan: Plan,
  channel: Channel,
): { channel: Channel; status: 'skipped' | 'expired'; reason: Reason }[] {
  if ('skipped' in plan) return [{ channel, status: plan.skipped, reason: plan.reason }];
  return (plan.unreached ?? []).map(({ kind, reason }) => ({
    channel: channelOf({ kind }),
    status: 'skipped',
    reason,
  }));
}

/** Plans calls, on a queue of their own. */
@Processor('plan-calls', WORKER_OPTIONS)
export class CallPlanProcessor extends PlanProcessor {
  override readonly isForCalls = true;
}
