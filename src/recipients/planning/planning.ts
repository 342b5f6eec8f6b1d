import { Inject, Injectable } from '@nestjs/common';
import { DuplicateCounts } from '../../deliveries/duplicate-counts.js';
import { RecipientErased } from '../../deliveries/erased-user.repository.js';
import { Ledger } from '../../deliveries/ledger.js';
import type {
  AcceptedNotification,
  Plan,
  PlanNotes,
  RecordedNotification,
} from '../../deliveries/records.js';
import { UserRecordRepository } from '../../deliveries/user-record.repository.js';
import { channelOf } from '../../domain/delivery.js';
import type { PushContent, SmsContent } from '../../domain/event.js';
import type { Channel } from '../../domain/notification.js';
import type { Reason } from '../../domain/reason.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import type { Logger } from '../../platform/logging/logger.js';
import { LOGGER } from '../../platform/logging/logging.module.js';
import { Metrics } from '../../platform/metrics/metrics.js';
import type { SendNotification } from '../../queue/jobs.js';
import { expiryOf } from './lifetime.js';
import type { Accepted, Planned, Postponed } from './planned.js';
import { Planner } from './planner.js';
import { within } from './targeted.js';
import { TextedMessageRepository } from './texted-message.repository.js';

/** The content of a notification that is not JSON: no attempt will succeed. */
export class UnreadableContent extends Error {
  override readonly name = 'UnreadableContent';
}

/** A plan that is not on record yet. */
export interface Draft {
  readonly notification: AcceptedNotification;
  /** Parsed. */
  readonly content: PushContent | SmsContent;
  readonly plan: Plan;
  readonly notes: PlanNotes;
  /** Nothing is sent earlier, except the pushes of a call. */
  readonly notBefore: Date;
  readonly isRepeat: boolean;
  /** By `performance.now()`. */
  readonly startedAt: number;
}

/** Plans accepted notifications, and writes them to the ledger with their deliveries. */
@Injectable()
export class Planning {
  constructor(
    private readonly config: GatewayConfig,
    private readonly planner: Planner,
    private readonly ledger: Ledger,
    private readonly records: UserRecordRepository,
    private readonly texted: TextedMessageRepository,
    private readonly duplicates: DuplicateCounts,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Finds the addresses of a notification.
   *
   * @param postponements number of earlier postponements.
   * @throws UnreadableContent
   */
  async draft(id: string, job: SendNotification, postponements: number): Promise<Draft | Postponed> {
    const startedAt = performance.now();
    const { appId, ttlSeconds, target, reply, isAskedFor = false, isRepeat = false } = job;
    const content = parse(job.content);
    const receivedAt = new Date(job.receivedAt);
    const push = 'notificationDetails' in content ? content : null;
    // Requested notifications, such as resends, skip the age check.
    const lifetime = { ...this.config.delivery, ...(isAskedFor ? { maxAgeMinutes: 0 } : {}) };
    const expiresAt = within(ttlSeconds, receivedAt, expiryOf(receivedAt, push, lifetime));
    const notification = notificationOf(id, job, receivedAt, expiresAt);
    const unsent = isRepeat ? REPEAT : expiresAt.getTime() <= Date.now() ? TOO_OLD : undefined;
    const planned = unsent
      ? { plan: unsent, rules: [], notBefore: receivedAt }
      : await this.plan(appId, { ...notification, target, isAskedFor, reply, postponements }, content);
    if ('postponedMs' in planned) {
      const { postponedMs: delayMs, why } = planned;
      this.logger.info({ notificationId: id, appId, why, delayMs }, 'notification.postponed');
      return planned;
    }
    const { plan, rules, leftOut = [], notBefore } = planned;
    const notes = { rules, leftOut, notBefore: notBefore > receivedAt ? notBefore.getTime() : undefined };
    return { notification, content, plan, notes, notBefore, isRepeat, startedAt };
  }

  /**
   * Writes a plan to the ledger. Safe to repeat after a crash: the first plan stands.
   *
   * @param claimIds deliveries to claim for their first attempt.
   * @returns the deliveries still to be sent.
   */
  async record(draft: Draft, claimIds: ReadonlySet<string>): Promise<RecordedNotification> {
    const { notification, content, plan, notes, isRepeat } = draft;
    const recorded = await this.ledger
      .plan(notification, plan, notes, { ids: claimIds, content })
      .catch((error: unknown) => {
        if (!(error instanceof RecipientErased)) throw error;
        return undefined;
      });
    if (!recorded) {
      await this.forget(notification);
      return { claimed: [], queued: [] };
    }
    if (isRepeat && notification.originId) this.duplicates.note(notification.originId);
    this.report(draft, recorded.claimed.length + recorded.queued.length);
    return recorded;
  }

  private report({ notification, plan, notes: { rules }, startedAt }: Draft, deliveries: number): void {
    const { id: notificationId, appId, channel, kind } = notification;
    const skipped = unreachableChannels(plan, channel);
    for (const labels of skipped) this.metrics.deliveries.inc({ app: appId, ...labels });
    this.logger.info(
      {
        notificationId,
        appId,
        channel,
        kind,
        reason: skipped[0]?.reason,
        rules: rules.length > 0 ? rules : undefined,
        deliveries,
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

const TOO_OLD: Plan = { skipped: 'expired', reason: 'too_old' };
const REPEAT: Plan = { skipped: 'skipped', reason: 'duplicate' };

function parse(content: string): PushContent | SmsContent {
  try {
    return JSON.parse(content) as PushContent | SmsContent;
  } catch {
    throw new UnreadableContent('its content is not JSON');
  }
}

function notificationOf(
  id: string,
  job: SendNotification,
  receivedAt: Date,
  expiresAt: Date,
): AcceptedNotification {
  const { appId, channel, kind, uid, content, isAskedFor, reply } = job;
  const { requestFingerprint = null, originId = null, receivedBy = null } = job;
  const { source = isAskedFor ? 'api' : reply ? 'reply' : 'webhook' } = job;
  return {
    ...{ id, appId, channel, kind, uid, receivedAt, content, expiresAt },
    ...{ requestFingerprint, source, originId, receivedBy },
  };
}

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
