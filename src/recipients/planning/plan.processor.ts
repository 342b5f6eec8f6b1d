import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { Logger } from '../../platform/logging/logger.js';
import { Ledger } from '../../deliveries/ledger.js';
import type { AcceptedNotification, QueuedDelivery, Plan } from '../../deliveries/records.js';
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
import { within } from './targeted.js';

/** Takes accepted notifications, writes them into the ledger with their deliveries, and orders the sends. */
@Processor('plan', WORKER_OPTIONS)
export class PlanProcessor extends QueueWorker {
  constructor(
    private readonly config: GatewayConfig,
    private readonly planner: Planner,
    private readonly ledger: Ledger,
    private readonly queue: JobQueue,
    private readonly metrics: Metrics,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, config.delivery.concurrency);
  }

  /**
   * Safe to run again after a crash at any point: the ledger keeps the first plan, and a send that was ordered
   * before is either still in the queue, where its id stops a second one, or settled, which its worker finds out.
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
    } = job.data;
    const id = job.id ?? '';
    const parsed = parse(content);
    const received = new Date(receivedAt);
    const push = 'notificationDetails' in parsed ? parsed : null;
    // What a backend asks for once more may be as old as it likes.
    const lifetime = { ...this.config.delivery, ...(isAskedFor ? { maxAgeMinutes: 0 } : {}) };
    const expiresAt = within(ttlSeconds, received, expiryOf(received, push, lifetime));
    const accepted = {
      ...{ id, appId, channel, kind, uid, receivedAt: received, content, expiresAt },
      requestFingerprint: requestFingerprint ?? null,
    };
    const planned =
      expiresAt.getTime() <= Date.now()
        ? { plan: TOO_OLD, rules: [], notBefore: received }
        : await this.plan(
            appId,
            { ...accepted, target, isAskedFor, reply, postponements: job.attemptsMade },
            parsed,
          );
    if ('postponedMs' in planned) throw this.postpone(id, appId, planned);
    const { plan, rules, notBefore } = planned;
    const toSend = await this.ledger.plan(accepted, plan);
    await this.enqueue(accepted, toSend, notBefore);
    const skipped = unreachableChannels(plan, channel);
    for (const way of skipped) this.metrics.deliveries.inc({ app: appId, ...way });
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

  /** Orders the sends, each on the lane of its own channel. */
  private async enqueue(
    { id: notificationId, appId, uid, kind, receivedAt, expiresAt }: AcceptedNotification,
    deliveries: readonly QueuedDelivery[],
    notBefore: Date,
  ): Promise<void> {
    // No longer than if it had come this moment: clocks differ, and step.
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
          // A call's pushes are worth nothing later: neither its ring nor what ends it waits.
          delayMs: queueName === 'push-calls' ? 0 : waitMs,
        }));
      if (jobs.length > 0) await this.queue.addAll(queueName, jobs);
    }
  }

  /** Nothing is on record yet; until then the ledger shows what waits here as queued. */
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
    throw new DeadLetter('its content is no JSON');
  }
}

const TOO_OLD: Plan = { skipped: 'expired', reason: 'too_old' };

/** The ways to the person on which nothing is sent, and why. */
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

/** The same for calls, on a lane of their own. */
@Processor('plan-calls', WORKER_OPTIONS)
export class CallPlanProcessor extends PlanProcessor {
  override readonly isForCalls = true;
}
