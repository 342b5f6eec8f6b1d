import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import type { Logger } from 'pino';
import { Ledger, type Plan } from '../../deliveries/ledger.js';
import type { PushContent, SmsContent } from '../../domain/event.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import { JobQueue } from '../../queue/job-queue.js';
import { sendLane, type PlanNotification } from '../../queue/jobs.js';
import { LaneWorker, WORKER_OPTIONS, type LaneJob } from '../../queue/lane-worker.js';
import { expiryOf } from './lifetime.js';
import { Planner } from './planner.js';
import { within } from './targeted.js';

/** Takes accepted notifications, writes them into the ledger with their deliveries, and orders the sends. */
@Processor('plan', WORKER_OPTIONS)
export class PlanProcessor extends LaneWorker {
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
  override async process(job: LaneJob<'notification.plan'>): Promise<void> {
    const startedAt = performance.now();
    const { appId, channel, kind, uid, receivedAt, content, ttlSeconds } = job.data;
    const id = job.id ?? '';
    const parsed = JSON.parse(content) as PushContent | SmsContent;
    const received = new Date(receivedAt);
    const push = 'notificationDetails' in parsed ? parsed : null;
    const expiresAt = within(ttlSeconds, received, expiryOf(received, push, this.config.delivery));
    const plan = expiresAt.getTime() <= Date.now() ? TOO_OLD : await this.plan(job.data, parsed);
    const notification = { id, appId, channel, kind, uid, receivedAt: received, content, expiresAt };
    const toSend = await this.ledger.plan(notification, plan);
    await this.queue.addAll(
      sendLane(channel, kind),
      toSend.map((delivery) => ({
        name: channel === 'sms' ? ('sms.send' as const) : ('push.send' as const),
        id: delivery.id,
        data: {
          v: 1,
          notificationId: id,
          appId,
          provider: delivery.provider,
          expiresAt: expiresAt.getTime(),
        },
      })),
    );
    const skipped = 'skipped' in plan ? plan.reason : undefined;
    if (skipped !== undefined)
      this.metrics.deliveries.inc({ app: appId, channel, status: 'skipped', reason: skipped });
    this.logger.info(
      {
        notificationId: id,
        appId,
        channel,
        kind,
        reason: skipped,
        deliveries: toSend.length,
        durationMs: Math.round(performance.now() - startedAt),
      },
      'notification.planned',
    );
  }

  private async plan(
    { appId, uid, target }: PlanNotification,
    content: PushContent | SmsContent,
  ): Promise<Plan> {
    const app = this.config.apps.find((candidate) => candidate.appId === appId);
    if (!app) return { skipped: 'skipped', reason: 'app_removed' };
    return 'notificationDetails' in content
      ? this.planner.planPush(app, uid, content, target)
      : this.planner.planSms(app, uid, content);
  }
}

const TOO_OLD: Plan = { skipped: 'expired', reason: 'too_old' };

/** The same for calls, on a lane of their own. */
@Processor('plan-calls', WORKER_OPTIONS)
export class CallPlanProcessor extends PlanProcessor {}
